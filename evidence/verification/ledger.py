"""Verifying a ledger as a stream: every hash recomputed, every link followed, every checkpoint's root rebuilt.

Bounded memory: a batch of rows, the hashes of one checkpoint, and the rows that failed (to tell why).
"""

from collections.abc import Iterable, Sequence
from typing import Any

from evidence.rules.chain import GENESIS, entry_content, entry_hash
from evidence.rules.merkle import merkle_root
from evidence.rules.statements import Signed
from evidence.verification.verdicts import Verdict

SEQUENCE, PREVIOUS, HASH = 0, 16, 17
SUSPECTS = 200
Row = tuple[Any, ...]


class LedgerCheck:
    """Feed it batches in order, then ask `finish`; answers with three verdicts."""

    def __init__(self, checkpoints: Sequence[Signed] = ()) -> None:
        self.rows = Verdict("rows", "Is every entry as it was written?")
        self.sequence = Verdict("sequence", "Is every entry there, in order, to the end?")
        self.checkpoints = Verdict("checkpoints", "Do the signed checkpoints match the entries?")
        self.count = 0
        self.last, self.last_hash = 0, GENESIS
        self._suspects: list[Row] = []
        self._pending = [fields for one in checkpoints if (fields := one.read())]
        self._hashes: list[str] = []

    @property
    def verdicts(self) -> list[Verdict]:
        """All three."""
        return [self.rows, self.sequence, self.checkpoints]

    def feed(self, batch: Iterable[Row]) -> None:
        """Check rows: the columns of `Link`, previous hash, hash."""
        last, last_hash, count = self.last, self.last_hash, 0
        hashes = self._hashes
        for row in batch:
            count += 1
            if row[0] != last + 1 or row[16] != last_hash:
                self._explain_joint(row, last, last_hash)
            if entry_hash(previous_hash=row[16], content=entry_content(row)) != row[17]:
                self._suspect(row)
            last, last_hash = row[0], row[17]
            hashes.append(last_hash)
        self.last, self.last_hash, self.count = last, last_hash, self.count + count
        self._close_checkpoints()

    def finish(self, *, head_sequence: int, head_hash: str) -> None:
        """Compare the end with the head row and the checkpoints; say what each failed row is."""
        self._explain_rows()
        if head_sequence > self.last:
            self.sequence.find(
                "removed-tail",
                f"The ledger's head says {head_sequence}, its last entry is {self.last}: "
                f"{head_sequence - self.last} removed from the end.",
                self.last + 1,
            )
        elif (head_sequence, head_hash) != (self.last, self.last_hash):
            self.sequence.find("head", "The ledger's head does not name its last entry.")
        for fields in self._pending:
            self.checkpoints.find(
                "removed-tail",
                f"A signed checkpoint covers entries {fields['first']} to {fields['last']}; "
                f"the ledger ends at {self.last}. The tail was removed.",
                self.last + 1,
            )
        self.sequence.facts = {"entries": self.count, "last": self.last, "hash": self.last_hash}

    def _explain_joint(self, row: Row, last: int, last_hash: str) -> None:
        sequence = row[SEQUENCE]
        if sequence > last + 1:
            self.sequence.find(
                "missing", f"Entries {last + 1} to {sequence - 1} are missing.", last + 1
            )
        elif sequence <= last:
            self.sequence.find("duplicate", f"Entry {sequence} stands twice.", sequence)
        elif row[PREVIOUS] != last_hash:
            self.sequence.find(
                "broken-link",
                f"Entry {sequence} does not follow from entry {last}: one of them was replaced.",
                sequence,
            )

    def _suspect(self, row: Row) -> None:
        if len(self._suspects) < SUSPECTS:
            self._suspects.append(row)
        else:
            self._report_altered(row)

    def _report_altered(self, row: Row) -> None:
        self.rows.find(
            "altered", f"Entry {row[SEQUENCE]} was altered after it was written.", row[SEQUENCE]
        )

    def _explain_rows(self) -> None:
        """A row that fits another place was moved; any other was altered."""
        places = [row[SEQUENCE] for row in self._suspects]
        for row in self._suspects:
            origin = next((place for place in places if _fits(row, place)), None)
            if origin is None:
                self._report_altered(row)
            else:
                self.rows.find(
                    "reordered",
                    f"The entry at {row[SEQUENCE]} was written as entry {origin}: moved.",
                    row[SEQUENCE],
                )

    def _close_checkpoints(self) -> None:
        while self._pending and self._pending[0]["last"] <= self.last:
            fields = self._pending.pop(0)
            size = fields["last"] - fields["first"] + 1
            covered, self._hashes = self._hashes[:size], self._hashes[size:]
            if len(covered) != size or merkle_root(covered) != fields["root"]:
                self.checkpoints.find(
                    "checkpoint",
                    f"Entries {fields['first']} to {fields['last']} are not those that were signed.",
                    fields["first"],
                )
        if not self._pending:
            self._hashes.clear()


def _fits(row: Row, place: int) -> bool:
    moved = (place, *row[1:])
    return entry_hash(previous_hash=row[PREVIOUS], content=entry_content(moved)) == str(row[HASH])
