"""Doors of risk disclosure: read, check what was understood, say "I have been told". Never needed to say no."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, redirect, render_template, request, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue

from governance.db.extension import reading, transaction
from governance.disclosure import service
from governance.disclosure.errors import TextChangedError
from governance.disclosure.schemas import AcknowledgeSchema, AnswerSchema, ReadingSchema
from governance.disclosure.service import Told
from governance.errors import BadInputError, NotFoundError
from governance.identity.current import sign_in_required, signed_in
from governance.patients.service import find_patient, patient_for
from governance.policy.current import policies
from governance.policy.records import TextStatus, TextVersion, Variant
from governance.policy.views.disclosure import DisclosurePolicy, MustKnow, Question
from governance.ui.clock import now
from governance.ui.house import house
from governance.ui.pages import form_values, load
from governance.ui.problems import register_status

_SHOWN: Final = "disclosure"
"""In the session: the language, variant and hash of the words that this person had on the screen."""

blueprint = Blueprint("disclosure", __name__, url_prefix="/disclosure", template_folder="templates")
blueprint.record(lambda _: register_status(TextChangedError.code, HTTPStatus.CONFLICT))


@dataclass(frozen=True, slots=True)
class _Reading:
    """The words that somebody reads, of the version in force now."""

    policy: DisclosurePolicy
    text: TextVersion

    @property
    def must_knows(self) -> tuple[MustKnow, ...]:
        return self.policy.must_knows(self.text.language, self.text.variant)

    @property
    def questions(self) -> tuple[Question, ...]:
        return self.policy.teach_back(self.text.language, self.text.variant)

    @property
    def told(self) -> Told:
        return Told(self.policy.version, self.text.language, self.text.variant.value, self.text.sha256)


@blueprint.get("/must-knows")
@sign_in_required
def must_knows() -> ResponseReturnValue:
    """Show the six must-knows, in the words that were asked for."""
    wanted = load(ReadingSchema(), request.args.to_dict())
    text = _nearest(wanted)
    browser[_SHOWN] = {"language": text.language, "variant": text.variant.value, "sha256": text.sha256}
    this = _Reading(_policy(), text)
    return render_template("disclosure/must_knows.html", this=this, versions=_versions(text), acknowledged=_when_told())


@blueprint.get("/more")
@sign_in_required
def more() -> ResponseReturnValue:
    """Show risks with benefits beside them, good practice, what we cannot do, and how to judge a source."""
    return _page("disclosure/more.html")


@blueprint.get("/understanding/<slug>")
@sign_in_required
def understanding(slug: str) -> ResponseReturnValue:
    """Ask one question of the check of understanding."""
    return _page("disclosure/question.html", {**_asked(slug), "errors": False})


@blueprint.post("/understanding/<slug>")
@sign_in_required
def answer(slug: str) -> ResponseReturnValue:
    """Take an answer. A wrong one shows the passage again, with another try or the way on; none is kept."""
    asked = _asked(slug)
    values = form_values()
    if "answer" not in values:
        return _page("disclosure/question.html", {**asked, "errors": True}, HTTPStatus.UNPROCESSABLE_ENTITY)
    given = load(AnswerSchema(), values)["answer"]
    if given not in asked["question"].options:
        raise BadInputError("this answer is not on the page; pick one that is")
    return _page("disclosure/answer.html", {**asked, "given": given})


@blueprint.get("/acknowledge")
@sign_in_required
def acknowledge() -> ResponseReturnValue:
    """Ask for the words "I have been told", which say yes to nothing."""
    return _page("disclosure/acknowledge.html")


@blueprint.post("/acknowledge")
@sign_in_required
def acknowledged() -> ResponseReturnValue:
    """Write down exactly which words this person had on the screen, and go on to the choices."""
    load(AcknowledgeSchema(), form_values())
    this = _shown()
    if this is None:
        return _first_read()
    person, at = signed_in(), now()
    with transaction() as session:
        account = (person.account_id, person.platform_id, person.account_key)
        patient = patient_for(session, house().keyring, account, at)
        service.acknowledge(session, house().keyring, patient.id, this.told, at)
    return redirect(url_for("optout.care_team"), HTTPStatus.SEE_OTHER)


def _page(
    template: str, values: dict[str, Any] | None = None, status: HTTPStatus = HTTPStatus.OK
) -> ResponseReturnValue:
    """Render a page in the words this person reads, once they have opened the must-knows."""
    this = _shown()
    return _first_read() if this is None else (render_template(template, this=this, **values or {}), status)


def _first_read() -> ResponseReturnValue:
    return redirect(url_for("disclosure.must_knows"), HTTPStatus.SEE_OTHER)


def _shown() -> _Reading | None:
    """Return what this person had on the screen. Raises `TextChangedError` if the words are other ones now."""
    shown = browser.get(_SHOWN)
    if shown is None:
        return None
    policy = _policy()
    text = policy.record.text(shown["language"], Variant(shown["variant"]))
    if text.sha256 != shown["sha256"]:
        raise TextChangedError("the words changed while you were reading; please open the first page and read it again")
    return _Reading(policy, text)


def _asked(slug: str) -> dict[str, Any]:
    """Return a question with its number, the passages it is about, and where the check goes on."""
    this = _shown() or _Reading(_policy(), _nearest({}))
    questions = this.questions
    slugs = [question.slug for question in questions]
    if slug not in slugs:
        raise NotFoundError("there is no such question; start again at what to know before you choose")
    number = slugs.index(slug)
    following = slugs[number + 1 : number + 2]
    question = questions[number]
    return {
        "question": question,
        "number": number + 1,
        "passages": [passage for passage in this.must_knows if passage.slug in question.shows_again],
        "onward": url_for("disclosure.understanding", slug=following[0])
        if following
        else url_for("disclosure.acknowledge"),
    }


def _nearest(wanted: dict[str, Any]) -> TextVersion:
    """Return the approved text nearest to what was asked for, else to what was read before, else to the browser's."""
    before = browser.get(_SHOWN, {})
    record = _policy().record
    languages = [text.language for text in _approved() if text.variant is Variant.STANDARD]
    language = wanted.get("language") or before.get("language") or request.accept_languages.best_match(languages, "en")
    variant = wanted.get("variant") or Variant(before.get("variant", Variant.STANDARD))
    return record.text(language, variant)


def _versions(text: TextVersion) -> list[TextVersion]:
    """Return the other variants of a text in its language and itself, and the standard text of other languages."""
    return [other for other in _approved() if other.language == text.language or other.variant is Variant.STANDARD]


def _approved() -> list[TextVersion]:
    return [text for text in _policy().record.texts if text.status is TextStatus.APPROVED]


def _when_told() -> int | None:
    """Return when this person acknowledged the version in force, if they did."""
    with reading() as session:
        patient = find_patient(session, signed_in().account_id)
        last = None if patient is None else service.current_acknowledgement(session, patient.id)
        return last.at if last is not None and last.version == _policy().version else None


def _policy() -> DisclosurePolicy:
    return policies().disclosure
