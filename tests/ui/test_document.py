"""The OpenAPI document is made once, when somebody first reads it, and read whole by everybody."""

from concurrent.futures import ThreadPoolExecutor

import apispec
import pytest

READERS = 8


@pytest.fixture
def made(monkeypatch):
    """How many documents were begun."""
    begun, real = [], apispec.APISpec.__init__
    monkeypatch.setattr(apispec.APISpec, "__init__", lambda *said, **more: begun.append(1) or real(*said, **more))
    return begun


def test_an_app_starts_without_it(made, app):
    assert app.test_client().get("/healthz").status_code == 200
    assert not made


def test_whoever_comes_first_and_together_reads_the_same_whole_one(made, app):
    with ThreadPoolExecutor(READERS) as pool:
        read = list(pool.map(lambda _: app.test_client().get("/openapi.json").json, range(READERS)))
    assert len(made) == 1
    assert all(one == read[0] for one in read)
    assert {"/healthz", "/access/v1/evaluation", "/oauth/token"} <= read[0]["paths"].keys()


def test_one_that_could_not_be_made_is_made_anew(made, app, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr("flask_smorest.Blueprint.register_views_in_doc", lambda *_, **__: 1 / 0)
        assert app.test_client().get("/openapi.json").status_code == 500
    assert "/healthz" in app.test_client().get("/openapi.json").json["paths"]
    assert len(made) == 2


def test_it_says_how_what_a_replica_is_sent_is_signed(app):
    paths = app.test_client().get("/openapi.json").json["paths"]
    changes, bundle = (paths[path]["get"]["responses"]["200"] for path in ("/v1/changes", "/v1/bundle"))
    assert "Feed-Signature" in changes["headers"]
    assert changes["content"]["application/json"]["schema"]["$ref"].endswith("ChangesAnswer")
    assert list(bundle["content"]) == ["application/vnd.hcp-governance.bundle"]
