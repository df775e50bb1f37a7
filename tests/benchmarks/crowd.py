"""Many patients on one forum, put into its database as their own rows would lie there; seeded, with a progress bar.

A decision reads accounts and rows in force, so these are written, under the service's own codes. What came before,
the ledger and the fragments, is that of a handful: a million choices made one by one would take three hours.
"""

import random
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import click
from sqlalchemy import Connection, insert, select

from governance.crypto.blind_index import account_key
from governance.crypto.keys import Keyring
from governance.effective.macs import Binding, account_mac, row_mac
from governance.effective.models import GovernedAccount, InForce

_AT_ONCE = 5_000


class Crowd:
    """Patients named by number, each with the choices of one of those who chose by hand."""

    def __init__(self, keyring: Keyring, platform_id: UUID, seed: int) -> None:
        self._keyring, self._platform_id, self._rng = keyring, platform_id, random.Random(seed)

    def joins(self, connection: Connection, many: int) -> None:
        """Write this many patients."""
        documents = self._documents(connection)
        with click.progressbar(length=many, label=f"{many:,} patients") as bar:
            for first in range(0, many, _AT_ONCE):
                numbers = range(first, min(first + _AT_ONCE, many))
                people = [self._one(number, self._rng.choice(documents)) for number in numbers]
                connection.execute(insert(InForce), [row for row, _ in people])
                connection.execute(insert(GovernedAccount), [account for _, account in people])
                bar.update(len(people))

    def _documents(self, connection: Connection) -> list[bytes]:
        query = select(InForce.document).where(InForce.kind == "patient").order_by(InForce.document)
        return list(connection.scalars(query))

    def _one(self, number: int, document: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
        subject = str(UUID(int=self._rng.getrandbits(128), version=4))
        key = account_key(self._keyring, self._platform_id, name_of(number))
        row = {"kind": "patient", "subject": subject, "version": 1, "document": document}
        row["mac"] = row_mac(self._keyring, "patient", subject, 1, document)
        binding = Binding(str(self._platform_id), key, 1, subject, None, "")
        account = {**binding._asdict(), "platform_id": self._platform_id, "mac": account_mac(self._keyring, binding)}
        del account["platform"]
        return row, account


def name_of(number: int) -> str:
    """Return the account of a patient of the crowd."""
    return f"crowd {number}"


def drawn(rng: random.Random, among: int, many: int) -> Iterator[str]:
    """Draw the accounts of different patients."""
    return map(name_of, rng.sample(range(among), many))
