"""Doors of risk disclosure: read, check what was understood, say "I have been told". Never needed to say no."""

from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, redirect, render_template, request, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from governance.db.extension import reading, transaction
from governance.decision.vocabulary import Instant
from governance.disclosure import service
from governance.disclosure.coverage import Was, ends_of
from governance.disclosure.errors import ReturnsMoreError, TextChangedError
from governance.disclosure.jobs import keep_what_is_read
from governance.disclosure.notices import Known, in_words, known_of
from governance.disclosure.reading import Reading, nearest_language, open_reading
from governance.disclosure.returning import Gain, digest_of, gain_of
from governance.disclosure.schemas import AcknowledgeSchema, AnswerSchema, ReadingSchema
from governance.effective.roster import badge_names
from governance.errors import BadInputError, NotFoundError
from governance.identity.current import sign_in_required, signed_in
from governance.identity.sessions.once import say_once
from governance.patients.ages.again import tell_again
from governance.patients.service import find_patient, patient_for
from governance.policy.current import policies
from governance.policy.history import History, history_of
from governance.policy.records import Variant
from governance.ui.clock import now
from governance.ui.house import house
from governance.ui.languages import LANGUAGES, picked_language, speak
from governance.ui.pages import form_values, load
from governance.ui.problems import register_status

_SHOWN: Final = "disclosure"
"""In the session: the language, variant and hash of the words that this person had on the screen."""
_CHECK: Final = "disclosure_check"
"""In the session until the press: which questions were answered right, and how many tries that took."""

blueprint = Blueprint("disclosure", __name__, url_prefix="/disclosure", template_folder="templates")
blueprint.record(lambda _: register_status(TextChangedError.code, HTTPStatus.CONFLICT))
blueprint.record(lambda _: register_status(ReturnsMoreError.code, HTTPStatus.CONFLICT))


@blueprint.get("/must-knows")
@sign_in_required
def must_knows() -> ResponseReturnValue:
    """Show the six must-knows, in the words that were asked for, and what is new for who has read them before."""
    wanted = load(ReadingSchema(), request.args.to_dict())
    at = now()
    with reading() as session:
        known = _known(session, at)
        this = _nearest(_history(session), wanted, known, at)
        gain = _gain(session, known, this, at)
    text, told = this.text, known.told
    if "language" in wanted or (picked_language() is None and text.language in _read_last(known)):
        speak(text.language)
    browser[_SHOWN] = {"language": text.language, "variant": text.variant.value, "sha256": text.sha256}
    is_told = told is not None and told.version == this.policy.version and gain == Gain()
    return render_template(
        "disclosure/must_knows.html",
        this=this,
        acknowledged=told.at if told is not None and is_told else None,
        new=() if told is None else this.new_since(told.version),
        again=told is not None and not is_told,
    )


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
    _count_try(slug, right=given == asked["question"].right)
    return _page("disclosure/answer.html", {**asked, "given": given})


@blueprint.get("/acknowledge")
@sign_in_required
def acknowledge() -> ResponseReturnValue:
    """Ask for the words "I have been told", which say yes to nothing, and show what counts again with them."""
    this, at = _shown(), now()
    if this is None:
        return _first_read()
    with reading() as session:
        known = _known(session, at)
        gain = _gain(session, known, this, at)
        names = badge_names(session, house().keyring, signed_in().platform_id, at) if gain != Gain() else {}
    return render_template(
        "disclosure/acknowledge.html",
        this=this,
        returning=in_words(gain.back, names),
        going_on=in_words(gain.kept, names),
        digest=digest_of(gain),
        hidden=known.document.hold,
    )


@blueprint.post("/acknowledge")
@sign_in_required
def acknowledged() -> ResponseReturnValue:
    """Write down exactly which words this person had on the screen, and go on to the choices."""
    sent = load(AcknowledgeSchema(), form_values())
    this = _shown()
    if this is None:
        return _first_read()
    if sent["words"] != this.text.sha256:
        # In another tab other words were opened since, in another language or variant.
        raise _other_words()
    person, at, keyring = signed_in(), now(), house().keyring
    with transaction() as session:
        patient = patient_for(session, keyring, (person.account_id, person.platform_id, person.account_key), at)
        known = known_of(session, keyring, patient.id, at)
        # What comes back must be what was shown: nothing more opens by this press than its page said.
        if digest_of(_gain(session, known, this, at)) != sent["back"]:
            raise ReturnsMoreError("your choices changed while you were reading; look at the page before again")
        keep_what_is_read(session, keyring, [policies().disclosure.record], at)
        tell_again(session, patient, at)
        service.acknowledge(session, keyring, patient.id, this.told(*_check_of(this)), at)
    browser.pop(_CHECK, None)
    if not known.document.lines:
        return redirect(url_for("optout.care_team"), HTTPStatus.SEE_OTHER)
    say_once("told")
    return redirect(url_for("told.told"), HTTPStatus.SEE_OTHER)


def _page(
    template: str, values: dict[str, Any] | None = None, status: HTTPStatus = HTTPStatus.OK
) -> ResponseReturnValue:
    """Render a page in the words this person reads, once they have opened the must-knows."""
    this = _shown()
    return _first_read() if this is None else (render_template(template, this=this, **values or {}), status)


def _first_read() -> ResponseReturnValue:
    return redirect(url_for("disclosure.must_knows"), HTTPStatus.SEE_OTHER)


def _shown() -> Reading | None:
    """Return what this person had on the screen, in the language of the pages if they picked one.

    Raises `TextChangedError` if the words are other ones now.
    """
    shown = browser.get(_SHOWN)
    if shown is None:
        return None
    at = now()
    with reading() as session:
        history = _history(session)
    if _is_of_other_pages(shown["language"], history.languages(at)):
        return None
    this = open_reading(history, shown["language"], Variant(shown["variant"]), at)
    if this.text.sha256 != shown["sha256"]:
        raise _other_words()
    return this


def _other_words() -> TextChangedError:
    return TextChangedError("the words changed while you were reading; please open the first page and read it again")


def _is_of_other_pages(language: str, there: list[str]) -> bool:
    """Say whether pages were switched to another language since: its words are read before they are acknowledged."""
    picked = picked_language()
    return picked is not None and picked != language and language in LANGUAGES and picked in there


def _asked(slug: str) -> dict[str, Any]:
    """Return a question with its number, the passages it is about, and where the check goes on."""
    this = _shown() or _nearest_now()
    slugs = [question.slug for question in this.questions]
    if slug not in slugs:
        raise NotFoundError("there is no such question; start again at what to know before you choose")
    number = slugs.index(slug)
    following = slugs[number + 1 : number + 2]
    question = this.questions[number]
    return {
        "question": question,
        "number": number + 1,
        "passages": [passage for passage in this.must_knows if passage.slug in question.shows_again],
        "onward": url_for("disclosure.understanding", slug=following[0])
        if following
        else url_for("disclosure.acknowledge"),
    }


def _nearest_now() -> Reading:
    at = now()
    with reading() as session:
        return _nearest(_history(session), {}, _known(session, at), at)


def _count_try(slug: str, *, right: bool) -> None:
    noted = browser.get(_CHECK, {"tries": 0, "right": []})
    found = sorted({*noted["right"], slug} if right else set(noted["right"]))
    browser[_CHECK] = {"tries": noted["tries"] + 1, "right": found}


def _check_of(this: Reading) -> tuple[bool | None, int | None]:
    """Return whether every question was answered right in the end, and after how many tries; none without any try."""
    noted = browser.get(_CHECK)
    if noted is None:
        return None, None
    return {question.slug for question in this.questions} <= set(noted["right"]), noted["tries"]


def _nearest(history: History, wanted: dict[str, Any], known: Known, at: Instant) -> Reading:
    """Return the words nearest to what was asked for, else in the picked language, the one read last, the browser's."""
    before, last = browser.get(_SHOWN, {}), known.told
    asked = request.accept_languages.best_match(history.languages(at))
    languages = [wanted.get("language"), picked_language(), *_read_last(known), asked]
    variant = before.get("variant") or (Variant.STANDARD if last is None else last.variant)
    language = nearest_language(history, [language for language in languages if language], at)
    return open_reading(history, language, wanted.get("variant") or Variant(variant), at)


def _read_last(known: Known) -> list[str]:
    """Return in which languages somebody read last: on the screen, and when they said that they were told."""
    told = [] if known.told is None else [known.told.language]
    return [browser[_SHOWN]["language"], *told] if _SHOWN in browser else told


def _history(session: Session) -> History:
    return history_of(session, service.RECORD, policies().disclosure.record)


def _known(session: Session, at: Instant) -> Known:
    patient = find_patient(session, signed_in().account_id)
    return known_of(session, house().keyring, None if patient is None else patient.id, at)


def _gain(session: Session, known: Known, this: Reading, at: Instant) -> Gain:
    """Return what this person's permits gain once they have been told this."""
    if known.patient_id is None:
        return Gain()
    # Of whom a restored database lost what they were told, all is shown that comes back.
    told = Was("", 0) if known.told is None else Was(known.told.version, known.told.at)
    then = service.coverage(session, known.patient_id, this.history, Was(this.policy.version, at))
    return gain_of(known.document, ends_of(told, this.history), then, at)
