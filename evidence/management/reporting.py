"""Verdicts as lines for a terminal."""

from collections.abc import Sequence

from django.core.management.base import OutputWrapper

from evidence.verification import Verdict

SHOWN = 20


def print_verdicts(out: OutputWrapper, verdicts: Sequence[Verdict]) -> None:
    """Print each question with its answer, findings, facts and limits."""
    for verdict in verdicts:
        out.write(f"{'HOLDS' if verdict.holds else 'FAILS'}  {verdict.question}")
        for finding in verdict.findings[:SHOWN]:
            out.write(f"       {finding.kind}: {finding.message}")
        if len(verdict.findings) > SHOWN:
            out.write(f"       ... and {len(verdict.findings) - SHOWN} more")
        for name, value in verdict.facts.items():
            out.write(f"       {name.replace('_', ' ')}: {value}")
        for limit in verdict.limits:
            out.write(f"       note: {limit}")
