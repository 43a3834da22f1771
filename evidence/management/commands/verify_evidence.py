"""Verify an evidence pack offline, without the database. Exit code 0 only when everything holds."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from django.core.management.base import BaseCommand, CommandError

from evidence.management.reporting import print_verdicts
from evidence.packs.shipped import read_shipped
from evidence.verification.pack import verify_pack


class Command(BaseCommand):
    """Signature, content, chain, sequence: four verdicts."""

    help = "Verify an evidence pack (PDF) without the database."
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, and what is known from elsewhere."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--trust", type=Path, help="PEM file with the site's certificate(s)")
        parser.add_argument(
            "--checkpoint", type=Path, help="checkpoints kept off the site's machine"
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, **options: Any) -> None:
        """Print the verdicts."""
        try:
            pdf = options["file"].read_bytes()
            trusted = _fingerprints(options["trust"]) if options["trust"] else frozenset()
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be read: {error.strerror}.") from error
        shipped = read_shipped(options["checkpoint"]) if options["checkpoint"] else None
        report = verify_pack(pdf, trusted=trusted, shipped=shipped)
        if options["json"]:
            self.stdout.write(json.dumps(report.as_dict(), indent=2))
        else:
            manifest = report.manifest
            self.stdout.write(f"{manifest.get('identifier', '?')}  {manifest.get('title', '?')}")
            print_verdicts(self.stdout, report.verdicts)
        if not report.holds:
            sys.exit(1)


def _fingerprints(path: Path) -> frozenset[str]:
    try:
        certificates = x509.load_pem_x509_certificates(path.read_bytes())
    except ValueError as error:
        raise CommandError(f"{path} holds no PEM certificate: {error}.") from error
    return frozenset(one.fingerprint(hashes.SHA256()).hex() for one in certificates)
