"""What `ARCHITECTURE.md` names: every folder, and in the rooms of patients every file with a name of its own."""

import re
from collections.abc import Iterator
from pathlib import Path

PATIENTS = ("disclosure", "optout", "patients", "portal")
"""Rooms of which a newcomer meets every file; of the others the plan names those that carry a concept."""
IN_EVERY_ROOM = {
    *("__init__.py", "models.py", "service.py", "schemas.py", "api.py", "web.py"),
    *("commands.py", "errors.py", "holding.py", "jobs.py"),
}
_WORD = re.compile(r"`([^`\s]+)`")


def files_named(plan: str, house: Path) -> tuple[set[Path], list[str]]:
    """Return the files that a plan names, and the names of which there is no file."""
    found, lost = set(), []
    for line in plan.splitlines():
        beside = house
        for word in _WORD.findall(line):
            if not word.endswith(".py") or (word in IN_EVERY_ROOM and beside == house):
                continue
            places = [place / word for place in (house, beside, *beside.parents, house.parent)]
            there = next((place for place in places if place.is_file()), None)
            if there is None:
                lost.append(word)
                continue
            found.add(there)
            beside = there.parent
    return found, lost


def folders_left_out(plan: str, house: Path) -> list[str]:
    """Return the folders with code that a plan does not name, by their last name at least."""
    folders = {file.parent.relative_to(house) for file in house.rglob("*.py") if file.parent != house}
    return sorted(str(folder) for folder in folders if f"{folder.name}/" not in plan)


def files_left_out(plan: str, house: Path, rooms: tuple[str, ...] = PATIENTS) -> list[str]:
    """Return the files of some rooms that a plan does not name, but for those that every room has."""
    named, _ = files_named(plan, house)
    return sorted(
        str(file.relative_to(house))
        for file in _files(house, rooms)
        if file not in named and file.name not in IN_EVERY_ROOM
    )


def _files(house: Path, rooms: tuple[str, ...]) -> Iterator[Path]:
    for room in rooms:
        yield from (house / room).rglob("*.py")
