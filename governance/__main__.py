"""`python -m governance`: the command line, where the script of that name is not on the path."""

from governance.cli import main

if __name__ == "__main__":
    main()
