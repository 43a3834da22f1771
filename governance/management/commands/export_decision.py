"""`manage.py export_decision CHANGE --out FILE`: the decision record of a change as a signed PDF."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from common.actor import Actor
from common.errors import DomainError
from governance.queries.queues import change_numbered
from governance.services.records import export_record


class Command(BaseCommand):
    """Export a decision record."""

    help = "Write the decision record of a change as a signed PDF/A-3."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the change and the file."""
        parser.add_argument("change", help="Number of the change, such as CHG-2026-0001.")
        parser.add_argument("--out", required=True, type=Path, help="The file to write.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it, whole or not at all."""
        change = change_numbered(options["change"])
        if change is None:
            raise CommandError(f"There is no change '{options['change']}'.")
        actor = Actor(label="manage.py export_decision", channel="cli")
        try:
            pack = export_record(
                actor=actor, change=change, path=options["out"], now=timezone.now()
            )
        except (DomainError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{options['out']}: {pack.identifier}, {pack.entry_count} ledger entries")
