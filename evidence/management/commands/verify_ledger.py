"""Verify the whole ledger of this site. Exit code 0 only when everything holds."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from evidence.management.reporting import print_verdicts
from evidence.packs.shipped import read_shipped
from evidence.queries.verification import verify_ledger


class Command(BaseCommand):
    """Recompute every hash, follow every link, rebuild every signed root."""

    help = "Verify the ledger: altered, missing, reordered or removed entries, and its checkpoints."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take a file of checkpoints kept elsewhere."""
        parser.add_argument("--checkpoint", type=Path, help="checkpoints kept off this machine")
        parser.add_argument("--json", action="store_true")

    def handle(self, **options: Any) -> None:
        """Print the verdicts."""
        path = options["checkpoint"]
        verdicts = verify_ledger(shipped=read_shipped(path).checkpoints if path else ())
        holds = all(verdict.holds for verdict in verdicts)
        if options["json"]:
            answer = {"holds": holds, "verdicts": [verdict.as_dict() for verdict in verdicts]}
            self.stdout.write(json.dumps(answer, indent=2))
        else:
            print_verdicts(self.stdout, verdicts)
        if not holds:
            sys.exit(1)
