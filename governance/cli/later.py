"""Commands that are loaded when somebody runs one: a list of them should not take as long as all of them."""

from importlib import import_module

import click


class Later(click.Command):
    """The name and the one line of a command, and where the command itself is."""

    def __init__(self, name: str, line: str, where: str) -> None:
        """Stand in for `where`, a `module:attribute`; `line` is the first sentence of its help."""
        super().__init__(name, short_help=line)
        self.where = where

    def load(self) -> click.Command:
        """Return the command. Raises `TypeError` if there is something else."""
        module, _, attribute = self.where.partition(":")
        found = getattr(import_module(module), attribute)
        if not isinstance(found, click.Command):
            raise TypeError(f"{self.where} is no command")
        return found
