"""A Python that FlaskBB 3 runs on, and an environment of its own with FlaskBB in it; the service's may be older.

Run as a module it says which one the tests take, or by name that there is none.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[3]
OLDEST: Final = (3, 12)
PACKAGES: Final = ("flaskbb==3.0.0rc5", "hatchling>=1.27")
NONE: Final = "FlaskBB needs Python 3.12 or later, and this machine has none"


def suitable_python() -> Path | None:
    """Return an interpreter that is new enough: this one, one of its name on the path, or one of pyenv's."""
    return next((found for found in _candidates() if _new_enough(found)), None)


def environment() -> Path:
    """Return the interpreter of the environment with FlaskBB in it, made once for this machine."""
    python = suitable_python()
    assert python is not None, NONE
    named = hashlib.sha256("\n".join([str(python), *PACKAGES]).encode()).hexdigest()[:16]
    # Kept from run to run: it takes longer to make than all tests with it.
    folder = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / f"hcp-flaskbb-{named}"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            _make(python, folder / "venv")
            (folder / "done").touch()
    return folder / "venv" / "bin" / "python"


def kit_in(folder: Path, python: Path) -> Path:
    """Build the kit as a forum gets it, and return the folder where it is installed for these tests alone."""
    wheels, target = folder / "wheels", folder / "kit"
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--quiet"]
    build = ["wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(wheels)]
    _run([*pip, *build, str(ROOT / "governance" / "pep" / "distribution")])
    (wheel,) = wheels.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(target)
    return target


def _make(python: Path, venv: Path) -> None:
    shutil.rmtree(venv, ignore_errors=True)
    _run([str(python), "-m", "venv", str(venv)])
    _run([str(venv / "bin" / "pip"), "install", "--disable-pip-version-check", "--quiet", *PACKAGES])


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=clean_environ())
    assert done.returncode == 0, done.stderr[-2000:]


def clean_environ() -> dict[str, str]:
    """The environment without this tree and without settings of either program."""
    mine = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
    return {
        name: value
        for name, value in os.environ.items()
        if name not in mine and not name.startswith(("GOVERNANCE_", "FLASKBB_"))
    }


def _candidates() -> Iterator[Path]:
    yield Path(sys.executable)
    names = [f"python3.{minor}" for minor in range(20, OLDEST[1] - 1, -1)]
    yield from (Path(found) for name in names if (found := shutil.which(name)) is not None)
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from sorted(pyenv.glob("versions/3.*/bin/python3"))


def _new_enough(python: Path) -> bool:
    """Ask it: a name on the path may be a stand-in for nothing."""
    asked = [str(python), "-c", "import sys, venv, ensurepip; print(*sys.version_info[:2])"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    return done.returncode == 0 and tuple(map(int, done.stdout.split())) >= OLDEST


if __name__ == "__main__":
    sys.stdout.write(f"{suitable_python() or NONE}\n")
