"""What a verifier answers: per question yes or no, and each thing found, named for what it is."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Finding:
    """One thing that does not hold. `kind` is altered, missing, reordered, removed-tail, broken-link..."""

    kind: str
    message: str
    sequence: int | None = None


@dataclass
class Verdict:
    """The answer to one question, with what it was based on and what it cannot show."""

    name: str
    question: str
    findings: list[Finding] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    limits: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    def find(self, kind: str, message: str, sequence: int | None = None) -> None:
        """Add a finding; past a thousand they add no knowledge."""
        if len(self.findings) < 1000:
            self.findings.append(Finding(kind, message, sequence))

    def as_dict(self) -> dict[str, Any]:
        """Return the verdict for JSON."""
        return {"holds": self.holds, **asdict(self)}
