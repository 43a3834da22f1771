"""manage.py import_seen: take a file of what was seen elsewhere over into a network, or show what that would do."""

from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from assets.models import ConfigurationItem
from common.actor import Actor
from common.errors import DomainError
from discovery.models import Network
from discovery.queries.seen_files import SeenFile, SeenOrder, read_seen
from discovery.services.seen_imports import import_file
from discovery.services.seen_previews import foreseen

ACTOR = Actor(label="console: import_seen", channel="cli")


class Command(BaseCommand):
    """The same rules and ledger as from the page, in the foreground; nothing is sent into the network."""

    help = "Import nmap's XML, or an ARP or MAC table, into a network by its code; --dry-run writes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare network, file and options."""
        parser.add_argument("network", help="code of the network")
        parser.add_argument("file", type=Path, help="nmap's XML (-oX), or a table as CSV or .xlsx")
        parser.add_argument(
            "--switch", default="", help="whose MAC table it is: code, hostname or name"
        )
        parser.add_argument("--dry-run", action="store_true", help="only say what would change")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, then foresee or import, then print."""
        network = Network.objects.select_related("zone__site", "location").filter(
            code=options["network"]
        )
        found = network.first()
        if found is None:
            known = ", ".join(Network.objects.values_list("code", flat=True)) or "none yet"
            raise CommandError(f"There is no network '{options['network']}'; there is: {known}.")
        try:
            seen = self._read(found, options["file"], options["switch"])
            report = self._report(found, seen)
            if not options["dry_run"]:
                report |= self._import(found, seen, options["file"], is_quiet=options["json"])
        except DomainError as error:
            raise CommandError(str(error)) from None
        if options["json"]:
            self.stdout.write(orjson.dumps(report).decode())
        else:
            self._print(report)

    def _read(self, network: Network, path: Path, switch: str) -> SeenFile:
        order = SeenOrder(network, ConfigurationItem.objects.all(), timezone.now(), switch)
        try:
            with path.open("rb") as file:
                return read_seen(order, file, path.name)
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from None

    def _report(self, network: Network, seen: SeenFile) -> dict[str, Any]:
        return foreseen(network=network, seen=seen, user=None, actor=ACTOR, now=timezone.now())

    def _import(
        self, network: Network, seen: SeenFile, path: Path, *, is_quiet: bool
    ) -> Mapping[str, Any]:
        def progress(done: int, total: int, _message: str) -> None:
            if not is_quiet:
                self.stderr.write(f"{done} of {total} devices", ending="\r")

        return import_file(
            actor=ACTOR,
            network=network,
            seen=seen,
            name=path.name,
            clock=timezone.now,
            progress=progress,
        )

    def _print(self, report: Mapping[str, Any]) -> None:
        for name, count in report.get("verdicts", report["counts"]).items():
            if count:
                self.stdout.write(f"{name}: {count}")
        for one in report["switches"]:
            self.stdout.write(f"MAC table of {one['label']}: {one['entries']} entries")
        for one in report["left_out"]:
            self.stdout.write(f"left out: {one['count']}  {one['reason']}")
        for one in report["errors"]:
            self.stdout.write(
                f"line {one['row']}, {one['column']}: '{one['value']}' {one['message']}"
            )
        if "scan" in report:
            self.stdout.write(f"imported as scan {report['scan']}, {report['links']} links")
