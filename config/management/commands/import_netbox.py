"""manage.py import_netbox FILE_OR_URL: a NetBox, from a dump or over its REST API, into the inventory."""

import json
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from assets.imports.netbox import Records, map_records, records_of_dump, records_of_server
from assets.imports.netbox.loading import import_netbox
from assets.imports.netbox.reporting import NetBoxReport
from common.actor import Actor
from common.errors import DomainError
from common.imports import ImportContext
from common.imports.printing import MOST_SHOWN, report_lines


class Command(BaseCommand):
    """Import a NetBox and account for every object of it."""

    help = (
        "Import a NetBox: a file written by 'manage.py dumpdata', or the address of a running one."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare source and options."""
        parser.add_argument("source", metavar="FILE_OR_URL")
        parser.add_argument("--token-file", type=Path, help="file that holds the API token")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would change, write nothing"
        )
        parser.add_argument(
            "--json", action="store_true", help="print the report as one JSON object"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, map, import, print."""
        context = ImportContext(
            actor=Actor(label="console: import_netbox", channel="cli"),
            now=timezone.now(),
            is_console=True,
            source="netbox",
            comment="import from NetBox",
        )
        try:
            mapped = map_records(_records(options["source"], options["token_file"]))
            report = import_netbox(mapped=mapped, context=context, is_dry_run=options["dry_run"])
        except (DomainError, OSError) as error:
            raise CommandError(str(error)) from None
        if options["json"]:
            self.stdout.write(json.dumps(report.as_dict()))
        else:
            self._print(report)
        if not report.is_clean:
            raise CommandError(
                f"Nothing was written: {len(report.errors)} error(s); first: {report.errors[0]}."
            )

    def _print(self, report: NetBoxReport) -> None:
        self.stdout.write("NetBox model                  found  mapped  became / why not")
        for line in report.account:
            became = [f"{count} {kind}" for kind, count in line["became"].items()]
            left = [f"{count} left: {reason}" for reason, count in line["not_mapped"].items()]
            self.stdout.write(
                f"{line['model']:28} {line['found']:6} {line['mapped']:7}  {'; '.join(became + left)}"
            )
        for kind_report in report.reports:
            shown = replace(
                kind_report,
                errors=(),
                warnings=(),
                error_count=0,
                warning_count=0,
                is_applied=report.is_applied,
            )
            self.stdout.write("\n".join(report_lines(shown)))
        for title, findings in (("warning", report.warnings), ("error", report.errors)):
            for finding in findings[:MOST_SHOWN]:
                self.stdout.write(f"{title}: {finding}")
        state = "" if report.is_applied else " (nothing was written)"
        self.stdout.write(f"{report.writes} changes{state}.")


def _records(source: str, token_file: Path | None) -> Records:
    if source.startswith(("http://", "https://")):
        token = token_file.read_text().strip() if token_file else ""
        return records_of_server(source, token=token)
    with Path(source).open("rb") as file:
        return records_of_dump(file)
