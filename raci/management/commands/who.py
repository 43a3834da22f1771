"""`manage.py who ITEM ACTIVITY [--at DATE] [--json]`: who answers for an item, and why."""

import argparse
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from common.errors import DomainError
from raci.access import item_of_console
from raci.choices import Letter
from raci.queries import Answer, Resolution, resolve
from raci.queries.moments import moment_of
from raci.queries.plain import plain_resolution


class Command(BaseCommand):
    """Answer for whoever holds a shell on the server: nothing is hidden."""

    help = "Who is accountable, responsible, consulted and informed for an item, and why."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the question."""
        parser.add_argument("item", help="code of an asset or system")
        parser.add_argument("activity", help="code of an activity, such as change")
        parser.add_argument("--at", default="", help="a day or moment (ISO 8601); default now")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the answer, or what is wrong with the question."""
        try:
            item = item_of_console(options["item"])
            at = moment_of(options["at"], now=timezone.now())
            found = resolve(item, activity_code=options["activity"], at=at)
        except DomainError as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps({**plain_resolution(found), "item": item.code}, indent=2))
        else:
            self._tell(str(item), found)

    def _tell(self, item: str, found: Resolution) -> None:
        self.stdout.write(f"{item}, {found.activity_code}, {found.at:%Y-%m-%d %H:%M %Z}")
        for answer in found.answers:
            self._tell_answer(answer)
        for finding in found.findings:
            self.stdout.write(f"! {finding.sentence}")

    def _tell_answer(self, answer: Answer) -> None:
        self.stdout.write(f"{answer.letter} {Letter(answer.letter).label}: {answer.label}")
        for step in answer.steps:
            self.stdout.write(f"    {step}")
