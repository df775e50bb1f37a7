"""Every page of professionals and of those who check them, in Spanish; and what is put on record is what was read."""

import pytest

from governance.conduct.models import Attestation, HcpRecord
from governance.conduct.words import NO_PROOF, OURS
from governance.db.extension import reading, transaction
from governance.decision.vocabulary import Instant
from governance.effective.measures import Measures
from governance.policy.current import policies
from governance.ui.clock import now
from governance.ui.house import house
from tests.conduct.people import PIN
from tests.conduct.visits import SEEN, forum, nora, opens_first, prove, stranger, vera
from tests.ui import catalogue
from tests.ui.spanish import in_spanish

__all__ = ["forum", "nora", "stranger", "vera"]

FOUND = {**SEEN, "proof": "una llamada", "evidence": "la página de hoy", "reason": "todo coincide"}
WAYS_TO_MISTYPE = ["", "1203456B", "12A34569", "12A3456", "12A3456_"]


@pytest.fixture
def reader(nora):
    return in_spanish(nora)


def registers(reader):
    reader.get("/professional/register/register").press("Seguir", answer="gb-nmc")
    reader.press("Seguir", answer="nurse").press("Seguir", answer=PIN).press("Seguir", answer="Nora Quill")
    return prove(reader).get("/professional/register/check").press("Registrarme")


def accepts(reader):
    reader.get("/professional/rules").follow("Empezar")
    while "/declaration" not in reader.path:
        reader.press("Acepto esta regla")
    return reader.press("Acepto todas las reglas")


def taken_down(app):
    with app.app_context(), reading() as session:
        return [(one.version, one.text_sha256) for one in session.query(Attestation)]


def record(app):
    with app.app_context(), reading() as session:
        return session.query(HcpRecord).one()


def test_all_pages_of_registering_are_spanish(reader):
    reader.get("/professional").get("/professional/what-changes").get("/professional/rules")
    reader.get("/professional/register/register").press("Seguir").press("Seguir", answer="us-npi")
    reader.press("Seguir").press("Seguir", answer="nurse").press("Seguir", answer="1234567890")
    for code in ("fr-rpps", "gb-gmc", "gb-nmc"):
        reader.get("/professional/register/register").press("Seguir", answer=code)
        reader.press("Seguir", answer="nurse" if code != "gb-gmc" else "doctor")
    for typed in WAYS_TO_MISTYPE:
        reader.press("Seguir", answer=typed)
    reader.press("Seguir", answer=PIN).press("Seguir", answer="").press("Seguir", answer="Nora Quill")
    prove(reader).get("/professional/register/check").press("Registrarme").get("/professional/register/register")
    assert reader.left == {}
    assert reader.pages > 20


def test_a_typing_error_is_explained_in_spanish(reader):
    reader.get("/professional/register/register").press("Seguir", answer="gb-nmc").press("Seguir", answer="nurse")
    reader.press("Seguir", answer="1203456B")
    assert "El tercer carácter debe ser una letra y no 0. ¿Quiso decir 12O3456B?" in reader.text


def test_all_pages_of_a_professional_are_spanish(reader, vera, forum):
    accepts(registers(reader))
    reader.get("/professional/rules").get("/professional/capacity").press("Elegir esto", community="")
    reader.press("Elegir esto", capacity="peer", community="ninguno")
    reader.press("Elegir esto", capacity="peer", community="").get("/professional")
    opens_first(vera).press("See it once more", **FOUND)
    vera.press("Yes, mark it")
    reader.get("/professional").get("/professional/measures")
    with forum.app_context(), transaction() as session:
        Measures(session, house().keyring, now()).block_hcp(record(forum).id, Instant(now() + 10**12))
    reader.get("/professional").get("/professional/measures").get("/professional/rules/c99")
    assert reader.left == {}


def test_all_pages_of_a_verifier_are_spanish(reader, vera):
    vera = in_spanish(vera).get("/desk/registrations")
    registers(reader)
    opens_first(vera).press("Verlo una vez más")
    opens_first(vera).press("Verlo una vez más", **{**FOUND, "number": "98Z7654Y"})
    opens_first(vera).press("Verlo una vez más", **{**FOUND, "number": "1", "renews": "x", "name": ""})
    opens_first(vera).press("Verlo una vez más", **FOUND).press("Sí, marcarla")
    path = f"/desk/registrations/{record(vera.client.application).id}"
    vera.get(path).press("Ver la situación", status="suspended", evidence="hoy", reason="así consta")
    vera.press("Sí, cambiarla").get(path).press("Ver el final", evidence="una carta", reason="nos lo pidió")
    vera.press("Sí, terminarla").get(path).get("/staff")
    assert vera.left == {}


def test_all_pages_of_proof_and_work_are_spanish(reader, vera):
    vera = in_spanish(vera)
    registers(reader)
    opens_first(vera).press("Verlo una vez más", **{**FOUND, "assurance": "3", "proof": ""}).press("Sí, marcarla")
    desk = f"/desk/registrations/{record(vera.client.application).id}/held"
    vera.get(desk).press("Anotarlo, o enviar", kind="seen", detail="").press("Anotarlo", kind="mail", detail="x")
    vera.press("Anotarlo", kind="post", detail="Hillview")
    code = vera.page.select("main p.nhsuk-heading-l")[0].get_text()
    prove(reader).get("/professional/proof").press("Este es mi código", answer="no").press("Este es mi", answer=code)
    reader.get("/professional/work").press("Trabajo ahí", answer="").press("Trabajo ahí", answer="Hillview")
    vera.get(desk).press("Ya no trabaja ahí").get(desk.removesuffix("/held"))
    reader.get("/professional/work").get("/professional")
    assert (reader.left, vera.left) == ({}, {})


def test_all_pages_of_people_on_no_register_are_spanish(reader):
    prove(reader).get("/professional/unregistered").press("Anotarlo").press("Anotarlo", answer="diabetes_educator")
    assert "especialista en educación en diabetes" in reader.get("/professional").text
    assert reader.left == {}


def test_other_numbers_are_explained_in_spanish(reader):
    others = {
        "gb-gmc": ("G1234567", "A12345"),
        "nl-big": ("12345678",),
        "fr-rpps": ("123456789",),
        "us-npi": ("AA1234567",),
    }
    for code, typed in others.items():
        reader.get("/professional/register/register").press("Seguir", answer=code).press("Seguir", answer="doctor")
        for one in typed:
            assert "Escriba su" in reader.press("Seguir", answer=one).text
    assert reader.left == {}


def test_who_reads_the_rules_in_spanish_accepts_the_spanish_words(reader, forum):
    accepts(registers(reader))
    conduct = policies().conduct
    assert taken_down(forum) == [(conduct.version, conduct.record.text("es").sha256)]
    assert conduct.record.text("es").sha256 != conduct.record.text("en").sha256


def test_words_of_another_language_than_was_read_are_not_accepted(reader, forum):
    registers(reader)
    reader.get("/professional/rules").follow("Empezar")
    while "/declaration" not in reader.path:
        reader.press("Acepto esta regla")
    reader.client.set_cookie("governance_language", "en")
    token = reader.page.find("input", {"name": "csrf_token"})["value"]
    english = {"version": policies().conduct.version, "text": policies().conduct.record.text("en").sha256}
    answer = reader.client.post("/professional/rules/declaration", data={"csrf_token": token, **english})
    assert answer.headers["Location"] == "/professional/rules/c1"
    assert taken_down(forum) == []


def test_every_number_and_profession_of_a_register_has_its_words():
    known = {one.id for one in catalogue.written("es")}
    proper = {"PIN", "NPI", "numéro RPPS"}
    registers = policies().registers
    assert {one.number_name for one in registers.registers.values()} == proper | {one.text for one in OURS}
    assert {one.replace("_", " ") for one in {*registers.professions, *registers.unregistered}} <= known


def test_what_a_register_says_of_other_numbers_has_its_words():
    """A record whose English changed would otherwise be shown in English."""
    registers = policies().registers.registers.values()
    assert {other.says for one in registers for other in one.no_proof} == {one.text for one in NO_PROOF}
