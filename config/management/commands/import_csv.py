"""manage.py import_csv KIND FILE: import a CSV or XLSX file, all of it or nothing."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from common.actor import Actor
from common.errors import DomainError
from common.imports import ImportContext, ImportRefusedError, ImportReport, apply, preview
from common.imports.kinds import kind_named
from common.imports.printing import report_lines
from common.imports.tables import table_of_file


class Command(BaseCommand):
    """Import a file of one kind; exit status 1 when it has errors."""

    help = (
        "Import a CSV or XLSX file. The columns of each kind are described in docs/user/import.md."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare kind, file and options."""
        parser.add_argument("kind")
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would change, write nothing"
        )
        parser.add_argument(
            "--json", action="store_true", help="print the report as one JSON object"
        )
        parser.add_argument("--encoding", default="", help="overrule the detection, such as cp1252")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the import and print its report."""
        try:
            report = _run(options)
        except ImportRefusedError as error:
            self._print(error.report, options)
            raise CommandError(str(error)) from None
        except (DomainError, OSError) as error:
            raise CommandError(str(error)) from None
        self._print(report, options)
        if not report.is_clean:
            raise CommandError(f"{report.error_count} error(s); nothing was written.")

    def _print(self, report: ImportReport, options: dict[str, Any]) -> None:
        if options["json"]:
            self.stdout.write(json.dumps(report.as_dict()))
            return
        for line in report_lines(report, verbose=options["verbosity"] > 1 or options["dry_run"]):
            self.stdout.write(line)


def _run(options: dict[str, Any]) -> ImportReport:
    kind = kind_named(options["kind"])
    context = ImportContext(
        actor=Actor(label="console: import_csv", channel="cli"),
        now=timezone.now(),
        is_console=True,
        comment=f"import of {options['file'].name}",
    )
    with options["file"].open("rb") as file:
        table = table_of_file(file, encoding=options["encoding"])
        run = preview if options["dry_run"] else apply
        return run(kind=kind, table=table, context=context)
