"""`python -m governance.pep.sidecar`."""

import sys

from governance.pep.sidecar.command import main

if __name__ == "__main__":
    sys.exit(main())
