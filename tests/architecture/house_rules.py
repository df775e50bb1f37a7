"""Rules of the house that no linter knows, as functions over a folder of source."""

import ast
from collections.abc import Iterator
from pathlib import Path

LONGEST_FILE = 300
LONGEST_FUNCTION = 30
CLOCKS = {"time", "time_ns", "now", "utcnow", "today", "monotonic", "perf_counter"}
DOORS = {"api.py", "web.py", "commands.py", "cli.py", "clock.py", "operations.py", "draft.py", "fast.py", "current.py"}
"""Where the clock may be read, a draft and what stands behind a request being half of their door and the fast path one
before a door; everybody else is handed an instant."""
CLOCK_EXEMPT = ("demo/", "pep/", "identity/", "portal/", "policy/", "db/base.py")
"""The kit and the demo are other people's programs; sessions and tokens have their own clock tests."""


def sources(folder: Path) -> Iterator[tuple[str, ast.Module, str]]:
    for path in sorted(folder.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        yield path.relative_to(folder).as_posix(), ast.parse(text), text


def selects_outside_models(folder: Path) -> list[str]:
    """Queries live in models, where their indexes and their tenant are seen together."""
    return [
        f"{name}:{node.lineno}"
        for name, tree, _ in sources(folder)
        if not name.endswith("models.py") and not name.startswith(("demo/", "pep/"))
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and _called(node) in {"select", "delete", "update", "insert", "text"}
        and _is_sqlalchemy_name(tree, _called(node))
    ]


def clocks_below_the_doors(folder: Path) -> list[str]:
    """A service that reads the clock cannot be asked about the past."""
    return [
        f"{name}:{node.lineno}"
        for name, tree, _ in sources(folder)
        if Path(name).name not in DOORS and not name.startswith(CLOCK_EXEMPT)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _called(node) in CLOCKS
    ]


def commits_outside_doors(folder: Path) -> list[str]:
    """Only `transaction()` commits, once; a service that commits could leave half a change behind."""
    return [
        f"{name}:{node.lineno}"
        for name, tree, _ in sources(folder)
        if name != "db/extension.py" and not name.startswith(("demo/", "pep/"))
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]


def too_long(folder: Path) -> list[str]:
    """Over budget means a noun is missing."""
    found = []
    for name, tree, text in sources(folder):
        lines = text.count("\n")
        if lines > LONGEST_FILE:
            found.append(f"{name}: {lines} lines")
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    found.append(f"{name}:{node.lineno} {node.name}: {length} lines")
    return found


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Name):
        return node.func.id
    return node.func.attr if isinstance(node.func, ast.Attribute) else ""


def _is_sqlalchemy_name(tree: ast.Module, name: str) -> bool:
    return any(
        isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("sqlalchemy")
        and any(alias.name == name for alias in node.names)
        for node in ast.walk(tree)
    )
