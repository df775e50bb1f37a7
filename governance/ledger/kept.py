"""All checkpoints that were kept, held against the tree while it grows."""

from governance.ledger.checkpoints import Checkpoint, Signer, newest
from governance.ledger.errors import OutsideError
from governance.ledger.findings import Findings
from governance.ledger.head import Head
from governance.ledger.outside import Outside
from governance.ledger.start import Declared
from governance.ledger.tree import Frontier


class KeptCheckpoints:
    """The log of checkpoints as a stream: it is read once, in step with the entries."""

    def __init__(self, outside: Outside, signer: Signer, findings: Findings) -> None:
        """Stand before the first one."""
        self._signer, self._findings = signer, findings
        self._lines = enumerate(outside.checkpoints(), start=1)
        self._good = 0
        self._differs = self._gave_up = False
        self.newest: Checkpoint | None = None
        """The last one that was passed."""
        # INVARIANT: first the log, then the newest one, then the entries: each is written in the opposite order, so
        # that a write meanwhile looks like nothing at all.
        self._waiting = self._read()
        self._apart = self._lying_apart(outside)

    def pass_by(self, tree: Frontier, epoch: int) -> None:
        """Compare those that stand at this size."""
        if self._apart is not None and self._apart.place == (epoch, tree.size):
            self._compare(self._apart, tree)
        while self._waiting is not None and self._waiting.place <= (epoch, tree.size):
            passed = self._waiting
            if passed.place == (epoch, tree.size):
                self._compare(passed, tree)
            elif passed.epoch == epoch and not self._gave_up:
                self._findings.add("checkpoint_log_order", f"size {passed.size}")
            self.newest, self._waiting = passed, self._read()

    def open_epoch(self, declared: Declared) -> None:
        """Pass by those that a declared restore gave up; the newest of them is the one it names."""
        while self._waiting is not None and self._waiting.epoch < declared.epoch:
            self.newest, self._waiting = self._waiting, self._read()
        if self.newest is not None and declared.kept is not None and self.newest.place > declared.kept.place:
            self._findings.add("epoch_differs", f"epoch {declared.epoch}")

    def give_up(self) -> None:
        """Compare no more: entries are missing, no root can be right."""
        self._differs = self._gave_up = True

    def end(self, head: Head, reached: tuple[int, int]) -> None:
        """Say which ones stand behind the last entry, and whether the newest one is the newest."""
        self._end_log()
        logged = self.newest.place if self.newest else (0, 0)
        if self._apart is None:
            return
        where = f"size {self._apart.size} of epoch {self._apart.epoch}"
        if self.newest is None and self._apart.size > 0:
            self._findings.add("checkpoint_log_missing", "checkpoints.log")
        if self._apart.place < max(head.kept, logged):
            self._findings.add("checkpoint_older", where)
        if self._apart.place > max(reached, logged):
            self._findings.add("rolled_back", where)

    def _end_log(self) -> None:
        while self._waiting is not None:
            if self.newest is None or self._waiting.place > self.newest.place:
                self._findings.add("rolled_back", f"size {self._waiting.size} of epoch {self._waiting.epoch}")
            self.newest, self._waiting = max(self.newest or self._waiting, self._waiting), self._read()

    def _compare(self, kept: Checkpoint, tree: Frontier) -> None:
        if self._differs:
            return
        if kept.root == tree.root:
            self._good = tree.size
            return
        # All later ones differ too, and say nothing new.
        self._differs = True
        self._findings.add("history_rewritten", f"entries {self._good} to {tree.size - 1}")

    def _lying_apart(self, outside: Outside) -> Checkpoint | None:
        """Return the newest checkpoint, which lies in a file of its own."""
        try:
            found = newest(outside, self._signer)
        except OutsideError:
            self._findings.add("checkpoint_forged", "checkpoint")
            return None
        if found is None and not outside.is_empty():
            self._findings.add("checkpoint_missing", "checkpoint")
        return found

    def _read(self) -> Checkpoint | None:
        for number, note in self._lines:
            if note is None:
                self._findings.add("checkpoint_log_torn", f"line {number}")
                continue
            try:
                return self._signer.open(note)
            except OutsideError:
                self._findings.add("checkpoint_log_forged", f"line {number}")
        return None
