"""manage.py load_catalogue: the item classes we ship, so that a new site can import its inventory."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from assets.imports.catalogue import load_catalogue
from common.actor import Actor
from common.imports import ImportContext
from common.imports.printing import report_lines


class Command(BaseCommand):
    """Add the shipped item classes that are missing; those there are stay as they are."""

    help = "Add the item classes Raceway ships (PLC, switch, MES ...) where they are missing."

    def handle(self, *args: Any, **options: Any) -> None:
        """Add and say how many."""
        actor = Actor(label="console: load_catalogue", channel="cli")
        context = ImportContext(actor=actor, now=timezone.now(), is_console=True)
        report = load_catalogue(context)
        if options["verbosity"]:
            self.stdout.write("\n".join(report_lines(report)))
