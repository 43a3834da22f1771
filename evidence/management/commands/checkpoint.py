"""Sign where the ledger stands; with --out, write all checkpoints to a file to keep elsewhere."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from evidence.keys import known_certificates
from evidence.packs.shipped import Shipped, write_shipped
from evidence.queries.checkpoints import signed_checkpoints
from evidence.services.checkpoints import make_checkpoint


class Command(BaseCommand):
    """Make a checkpoint over what is new."""

    help = "Sign the ledger's state; --out FILE ships all checkpoints off the machine."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file to write."""
        parser.add_argument("--out", type=Path)

    def handle(self, **options: Any) -> None:
        """Sign and ship."""
        made = make_checkpoint(now=timezone.now())
        for checkpoint in made:
            self.stdout.write(str(checkpoint))
        if not made:
            self.stdout.write("Nothing new to sign.")
        if path := options["out"]:
            shipped = Shipped(signed_checkpoints(), known_certificates())
            write_shipped(path, shipped)
            self.stdout.write(f"{len(shipped.checkpoints)} checkpoints written to {path}")
