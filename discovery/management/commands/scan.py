"""manage.py scan: scan a network in the foreground, or show what that would send."""

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from common.actor import Actor
from common.errors import DomainError
from discovery.models import Network, Scan
from discovery.queries.dry_runs import grouped, plain_run, plain_target
from discovery.queries.scan_results import totals_of
from discovery.services import start_scan
from discovery.services.running import run_scan
from discovery.services.scans import planned
from discovery.services.settling import settle_scan


class Command(BaseCommand):
    """The same rules, log and ledger as from the page; Ctrl-C ends the scan."""

    help = "Scan a network in the foreground, by its code; --dry-run sends nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare network and options."""
        parser.add_argument("network", help="code of the network")
        parser.add_argument(
            "--targets",
            nargs="+",
            default=[],
            help="addresses or blocks; the whole network if none",
        )
        parser.add_argument("--dry-run", action="store_true", help="only say what would be sent")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Scan or plan, print."""
        network = Network.objects.filter(code=options["network"]).first()
        if network is None:
            known = ", ".join(Network.objects.values_list("code", flat=True)) or "none yet"
            raise CommandError(f"There is no network '{options['network']}'; there is: {known}.")
        targets = "\n".join(options["targets"])
        try:
            found = (
                self._plan(network, targets)
                if options["dry_run"]
                else self._scan(network, targets, is_quiet=options["json"])
            )
        except DomainError as error:
            raise CommandError(str(error)) from None
        if options["json"]:
            self.stdout.write(orjson.dumps(found).decode())
        else:
            self._print(found)

    def _plan(self, network: Network, targets: str) -> Mapping[str, Any]:
        found = grouped(planned(network, targets, timezone.now()))
        rows = [plain_target(one) for one in found.run.targets]
        return {"network": network.code, **plain_run(found), "targets": rows}

    def _scan(self, network: Network, targets: str, *, is_quiet: bool) -> Mapping[str, Any]:
        actor = Actor(label="console: scan", channel="cli")
        scan = start_scan(
            actor=actor,
            network=network,
            requester=None,
            targets=targets,
            now=timezone.now(),
            is_foreground=True,
        )
        told = -1

        def progress(done: int, total: int, _message: str) -> None:
            nonlocal told
            if not is_quiet and done != told:
                told = done
                self.stderr.write(f"{done} of {total} addresses", ending="\r")

        found = run_scan(scan_id=scan.pk, progress=progress, clock=timezone.now)
        counts = settle_scan(actor=actor, scan=found, progress=progress, clock=timezone.now)
        return {**_outcome(found), **counts}

    def _print(self, found: Mapping[str, Any]) -> None:
        for name, value in found.items():
            if name == "targets":
                for one in value:
                    self.stdout.write("  " + "  ".join(str(part) for part in one.values() if part))
            elif name == "refused":
                for group in value:
                    self.stdout.write(f"left alone: {group['count']}  {group['sentence']}")
            else:
                words = (
                    ", ".join(f"{v} {k}" for k, v in value.items())
                    if isinstance(value, dict)
                    else value
                )
                self.stdout.write(f"{name.replace('_', ' ')}: {words}")


def _outcome(scan: Scan) -> dict[str, Any]:
    rows = scan.addresses.order_by("pk").values_list("address", "outcome", "reason", "identity")
    return {
        "network": scan.network.code,
        "scan": scan.pk,
        "state": scan.state,
        "end_reason": scan.end_reason,
        "packets": scan.packet_count,
        "outcomes": dict(totals_of(scan).by_outcome),
        "targets": [
            {
                "address": address,
                "outcome": outcome,
                "reason": reason,
                **{name: one["value"] for name, one in identity.items()},
            }
            for address, outcome, reason, identity in rows
        ],
    }
