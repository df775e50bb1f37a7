"""`governance demo`: see the whole thing work on one's own machine, or let it be checked."""

import contextlib
import json
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Final, NoReturn

import click

from governance.demo.check import walk
from governance.demo.errors import DemoError
from governance.demo.household import TRAINING, Household, check_ports, free_port, running
from governance.demo.report import Report

_BESIDE: Final = (
    "  A worker runs beside: what waits a day takes effect, and whoever should be told of something finds it\n"
    "  on their page. Mail is not sent, because no mail server is set."
)


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8080, show_default=True, help="The service's port.")
@click.option("--forum-port", type=click.IntRange(1, 65535), default=8081, show_default=True, help="The forum's port.")
@click.option("--keep", type=click.Path(path_type=Path, file_okay=False), help="Use this folder, and leave it there.")
@click.option(
    "--check", is_flag=True, help="Walk through it over HTTP on free ports, print every step, end with 0 or 1."
)
def demo(port: int, forum_port: int, keep: Path | None, *, check: bool) -> None:
    """Start the service and a small forum that obeys it, on this machine alone."""
    signal.signal(signal.SIGTERM, _stop)
    # Its terminal is closed; whoever runs it by `nohup` wants it to go on.
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, _stop)
    # A script that starts us in the background has switched Ctrl-C off; what is printed below must hold there too.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if check:
        port, forum_port = free_port(), free_port()
    check_ports(port, forum_port)
    with _folder(keep) as folder:
        click.echo("starting the service and the forum ...", err=True)
        with running(folder, port, forum_port) as household:
            if check:
                raise SystemExit(0 if _checked(household) else 1)
            with contextlib.suppress(KeyboardInterrupt):
                click.echo(_how_to_go_on(household))
                household.wait()
                raise click.ClickException(_ended_by_itself(keep))


def _checked(household: Household) -> bool:
    report = Report(click.echo)
    walk(household, report)
    return report.end()


@contextlib.contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        try:
            keep.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise DemoError(f"cannot make {keep} ({error.strerror}): choose another place with --keep") from None
        yield keep.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="governance-demo-") as made:
        yield Path(made)


def _how_to_go_on(household: Household) -> str:
    forum, service, settings = household.forum_url, household.service_url, household.settings
    question = json.dumps(household.question("dan", "scared of the nights"))
    token = (
        f"$(curl -s -u '{settings.kit_client_id}:{settings.kit_client_secret}' -d grant_type=client_credentials"
        f" -d scope=decisions:evaluate {service}/oauth/token | python3 -c"
        " 'import json, sys; print(json.load(sys.stdin)[\"access_token\"])')"
    )
    return "\n".join(
        [
            "",
            f"  1. Be Dan, a doctor, and read:    {forum}/t/night-lows",
            f"  2. Be Ana, a patient, instead:    {forum}/people",
            f"  3. As Ana, say what he may do:    {service}/start/{settings.platform}",
            f"  4. Be Dan again, and read again:  {forum}/people",
            "",
            "  Search, feeds, news and counts follow too. Nia is a nurse, whom Ana may let in; Mo a pharmacist who",
            f"  moderates, and sees what somebody told the moderators of: {forum}/moderation",
            *_who_else(service),
            "",
            f"{_BESIDE}\n",
            "  Ask for a decision, before and after Ana says no (is the doctor shown what Ana wrote?):",
            "",
            f'  curl -s {service}/access/v1/evaluation -H "Authorization: Bearer {token}" \\',
            f"    -H 'Content-Type: application/json' -d '{question}'",
            "",
            "  Ctrl-C ends all.",
        ]
    )


def _who_else(service: str) -> list[str]:
    return [
        f"  Pia is a dietitian whom nobody has checked: be Pia and register at {service}/professional",
        f"  Vera is a verifier: be Vera and check her at {service}/desk/registrations",
        f"  Olu and Oda are officers: be Olu and work on training cases at {service}/desk/cases",
        f"  (nobody in them is real, and their vaults open with: {TRAINING})",
    ]


def _ended_by_itself(keep: Path | None) -> str:
    # A folder that was not asked for is gone by the time this is read, logs and all.
    where = f"see the logs in {keep}" if keep else "start again with `--keep DIRECTORY`, and the logs stay there"
    return f"the service, its worker or the forum ended by itself; {where}"


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(1)
