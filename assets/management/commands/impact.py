"""manage.py impact ITEM... --change-type T: what a change hits, from the console."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from assets.queries.impact import CHANGE_TYPES, ImpactAnswer, impact_of, items_named
from assets.queries.impact_data import impact_data
from common.errors import DomainError


class Command(BaseCommand):
    """Print the impact of a change, worst first, by line and system."""

    help = "What a change to one or several items (code or id) hits."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the question."""
        parser.add_argument("item", nargs="+", help="code or id")
        parser.add_argument("--change-type", default="power_off", choices=CHANGE_TYPES)
        parser.add_argument("--limit", type=int, default=2000, help="list at most this many items")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask and print."""
        user = User(username="console", is_superuser=True)  # whoever has a shell sees everything
        try:
            answer = impact_of(
                user=user,
                target_ids=items_named(user, options["item"]),
                change_type=options["change_type"],
                limit=max(options["limit"], 1),
            )
        except DomainError as error:
            raise CommandError(str(error)) from None
        if options["json"]:
            self.stdout.write(json.dumps(impact_data(answer, with_paths=True)))
            return
        self._print(answer)

    def _print(self, answer: ImpactAnswer) -> None:
        names = ", ".join(f"{target.name} ({target.code})" for target in answer.targets)
        self.stdout.write(f"{answer.change_type}: {names}")
        counts = ", ".join(f"{count} {state}" for state, count in answer.counts.items())
        self.stdout.write(counts or "Nothing else is hit.")
        if answer.lines_stopped:
            stopped = ", ".join(line.name for line in answer.lines_stopped)
            self.stdout.write(f"Lines that stop: {stopped}")
        for end in answer.unknown_ends:
            self.stdout.write(
                f"Not in the inventory: {end.unknown} ({end.relation_class}, {end.item_name})"
            )
        for group in answer.groups:
            heading = " / ".join(place.name for place in (group.line, group.system) if place)
            self.stdout.write(f"\n{heading or 'Elsewhere'}")
            for hit in group.hits:
                self.stdout.write(f"  {hit.state:16} {hit.code:24} {hit.name}")
        if answer.truncated:
            self.stdout.write(f"\n... and {answer.truncated} more.")
