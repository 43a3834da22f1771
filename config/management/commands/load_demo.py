"""manage.py load_demo: the demonstration plant through the importer, and its people with logins."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from common.actor import Actor
from common.errors import DomainError
from common.imports.printing import report_lines
from config.demonstration import (
    add_networks,
    load_plant,
    make_logins,
    put_in_force,
    set_by_hand,
    tell_stories,
)


class Command(BaseCommand):
    """Load the demonstration; running it again changes nothing and prints the logins again."""

    help = (
        "Load the demonstration plant. Logins are made in a demo (RACEWAY_DEMO=1) or with --users."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare folder and options."""
        parser.add_argument("--folder", type=Path, default=settings.BASE_DIR / "demo" / "plant")
        parser.add_argument(
            "--users", action="store_true", help="make logins outside of a demo, too"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, put in force, make logins, print."""
        started = time.perf_counter()
        actor = Actor(label="console: load_demo", channel="cli")
        now = timezone.now()
        try:
            for report in load_plant(options["folder"], actor=actor, now=now):
                self._print_report(report, options["verbosity"])
            done = [*put_in_force(actor=actor, now=now), *add_networks(actor=actor, now=now)]
            for line in done:
                self.stdout.write(line)
            if settings.DEMO or options["users"]:
                logins = make_logins(actor=actor, now=now)
                for line in [*set_by_hand(now=now), *tell_stories(now=now)]:
                    self.stdout.write(line)
                self._print_logins(logins)
        except (DomainError, OSError) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"Demonstration plant ready after {time.perf_counter() - started:.1f} s.")

    def _print_report(self, report: Any, verbosity: int) -> None:
        lines = list(report_lines(report))
        self.stdout.write("\n".join(lines if verbosity > 1 else lines[:1]))

    def _print_logins(self, logins: list[Any]) -> None:
        self.stdout.write(
            "\nLogins of this site (passwords are random, kept in demo-passwords.json):"
        )
        for login in logins:
            self.stdout.write(
                f"  {login.username:14} {login.password:14} {login.name:18} {login.what}"
            )
        self.stdout.write("")
