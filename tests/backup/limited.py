"""A process that may write no file beyond some bytes, as on a full disk: `limited.py WHAT LIMIT URL FOLDER FILE`.

WHAT is `backup` or `restore`. It prints the code and the message of the refusal.
"""

import resource
import sys
from pathlib import Path

from governance.errors import GovernanceError
from tests.backup.house import House, silent


def main() -> None:
    what, limit, url, folder, file = sys.argv[1:]
    house = House(url, Path(folder))
    # Python ignores the signal, so that what is too much is an error, as it is on a full disk.
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
    try:
        house.backup(file) if what == "backup" else house.restore(Path(file), progress=silent)
    except GovernanceError as error:
        sys.stdout.write(f"{error.code}: {error}")
    else:
        sys.stdout.write("done")


if __name__ == "__main__":
    main()
