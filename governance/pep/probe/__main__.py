"""`python -m governance.pep.probe`, and `governance probe`: a plan, a walk before, one after, canaries afterwards."""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from governance.pep.probe.browser import Browser
from governance.pep.probe.failures import ProbeError
from governance.pep.probe.judging import Verdict, judge, unread_by_the_professional
from governance.pep.probe.plan import SIGNED_OUT, VIEWERS, Plan, new_plan, read_plan
from governance.pep.probe.signing import public_key, sign
from governance.pep.probe.walking import Walk, Walker, known_to

FOUND_NOTHING: Final = 0
LEAKS: Final = 1
PROVES_NOTHING: Final = 2
_KEY: Final = Path("probe-key.pem")
_KEY_HELP: Final = f"the file of the key that signs, made if it is not there (default: {_KEY})"
_RESTS: Final = {
    "unproven": "not read before the no, so nothing is proven of",
    "public": "read by everybody who is signed out",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one step; return 0 where nothing leaks, 1 for a leak, 2 where nothing was proven or nothing could be done."""
    given = _parser().parse_args(arguments)
    try:
        return int(given.step(given))
    except ProbeError as failure:
        print(f"probe: {failure}", file=sys.stderr)  # noqa: T201 - a command line
        return PROVES_NOTHING


def _parser() -> argparse.ArgumentParser:
    ends = "It ends with 0 where nothing leaks, 1 for a leak, 2 where nothing was proven or nothing could be done."
    parser = argparse.ArgumentParser(
        prog="governance probe", description="Find what a forum leaks after a no.", epilog=ends
    )
    steps = parser.add_subparsers(required=True, metavar="STEP")
    making = steps.add_parser("new", help="write a plan with fresh random words, to be filled in and posted")
    making.add_argument("plan", type=Path, help="the new file")
    making.add_argument("forum", help="the forum's address, with https://")
    making.set_defaults(step=_new)
    naming = steps.add_parser("key", help="print the public key of the reports, for whoever runs the service")
    naming.add_argument("--key", type=Path, default=_KEY, help=_KEY_HELP)
    naming.set_defaults(step=_name_key)
    helps = {
        "before": "walk before the test patient says no",
        "after": "walk after it, and judge",
        "canary": "walk as after a no that stands for good, and judge",
    }
    for name, said in helps.items():
        step = steps.add_parser(name, help=said, epilog=ends)
        step.add_argument("plan", type=Path, help="the file that `new` wrote, filled in")
        step.set_defaults(step={"before": _before, "after": _after, "canary": _canary}[name])
        if name != "before":
            step.add_argument("--report", type=Path, help="write the signed report here")
            step.add_argument("--key", type=Path, default=_KEY, help=_KEY_HELP)
            step.add_argument("--json", action="store_true", help="print the report as one JSON object")
    return parser


def _new(given: argparse.Namespace) -> int:
    if given.plan.exists():
        raise ProbeError(f"{given.plan} is there already: choose another name, its words may stand in the forum")
    text = new_plan(given.forum.rstrip("/"))
    # Passwords may come to stand in it.
    given.plan.touch(mode=0o600)
    given.plan.write_text(text, encoding="utf-8")
    print(f"{given.plan}: fill in how the viewers sign in, and have the test patient post the words")  # noqa: T201
    return FOUND_NOTHING


def _name_key(given: argparse.Namespace) -> int:
    print(public_key(given.key))  # noqa: T201 - a command line
    return FOUND_NOTHING


def _before(given: argparse.Namespace) -> int:
    plan = read_plan(given.plan)
    walks = walk_all(plan)
    state = {"plan": plan.digest, "walks": {viewer: walk.as_json() for viewer, walk in walks.items()}}
    _state_file(given.plan).write_text(json.dumps(state), encoding="utf-8")
    for viewer, walk in walks.items():
        print(f"{viewer}: {len(walk.status)} pages, words on {len(walk.seen)} of them")  # noqa: T201
    # Said now: once the patient has said no, nobody can walk before it again.
    if unread := unread_by_the_professional(plan, walks):
        print(f"not read by the professional: {', '.join(unread)}; post these, or take them out, and walk again")  # noqa: T201
    return FOUND_NOTHING


def _after(given: argparse.Namespace) -> int:
    plan = read_plan(given.plan)
    before = _walks_before(given.plan, plan)
    return _tell(given, plan, judge(plan, before, walk_all(plan, before)))


def _canary(given: argparse.Namespace) -> int:
    plan = read_plan(given.plan)
    return _tell(given, plan, judge(plan, {}, walk_all(plan)))


def walk_all(plan: Plan, before: Mapping[str, Walk] | None = None) -> dict[str, Walk]:
    """Walk as everybody, signed out last; then each to the pages with words that only others came upon.

    Addresses from `before` are opened again, since a link that somebody kept works as well.
    """
    earlier = before or {}
    walkers = {}
    for viewer in VIEWERS:
        browser = Browser(plan.forum)
        if viewer != SIGNED_OUT:
            if viewer not in plan.sign_ins:
                raise ProbeError(f"the plan does not say how the {viewer} signs in")
            browser.sign_in(plan.sign_ins[viewer])
        walkers[viewer] = Walker(plan, browser)
    walks = {viewer: walker.go(known_to(viewer, earlier)) for viewer, walker in walkers.items()}
    for viewer, walker in walkers.items():
        walker.visit(known_to(viewer, walks) - walks[viewer].status.keys())
    return walks


def _walks_before(path: Path, plan: Plan) -> dict[str, Walk]:
    try:
        state = json.loads(_state_file(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise ProbeError("walk before the no first: `governance probe before`") from None
    if state.get("plan") != plan.digest:
        raise ProbeError("the plan was changed since the walk before: walk again, while nothing is hidden yet")
    return {viewer: Walk(**said) for viewer, said in state["walks"].items()}


def _tell(given: argparse.Namespace, plan: Plan, verdict: Verdict) -> int:
    made = datetime.now(UTC).isoformat(timespec="seconds")
    report = {"made": made, "forum": plan.forum, "plan": plan.digest, **asdict(verdict)}
    if given.report is not None:
        given.report.write_text(sign(report, given.key) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=2) if given.json else _lines(report))  # noqa: T201 - a command line
    return LEAKS if verdict.leaks else FOUND_NOTHING if verdict.proves else PROVES_NOTHING


def _lines(report: Mapping[str, Any]) -> str:
    walked = (f"walked {who}: {what['pages']} pages, {what['failed']} failed" for who, what in report["walked"].items())
    table = (
        f"{'LEAK' if one['leaks'] else 'ok  '} {one['surface']:<12} {one['page']}  before {one['before']}, after "
        f"{one['leaks']}"
        for one in report["surfaces"]
    )
    more = [f"LEAK {one['surface']:<12} {one['page']}: {one['how']}" for one in report["leaks"] if _is_number(one)]
    lost = [f"LOST {one['surface']:<12} {one['page']}: peers read it before" for one in report["lost"]]
    rest = [f"{said}: {', '.join(report[name])}" for name, said in _RESTS.items() if report[name]]
    proof = [] if report["proves"] else ["nothing is proven: not all that was read is kept back on pages that work"]
    end = f"{len(report['leaks'])} leaks"
    return "\n".join([*walked, *table, *more, *lost, *rest, *proof, end])


def _is_number(leak: Mapping[str, str]) -> bool:
    return leak["how"] != "its words are there"


def _state_file(plan: Path) -> Path:
    return plan.with_suffix(".before.json")


if __name__ == "__main__":
    sys.exit(main())
