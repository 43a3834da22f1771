"""Show the signing certificate, making it on a first start; with --rotate, replace it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from common.actor import Actor
from evidence.keys import signing_key
from evidence.services.checkpoints import rotate_key


class Command(BaseCommand):
    """Fingerprint and validity of the key that signs packs and checkpoints."""

    help = "Show (or with --rotate replace) the certificate that signs packs and checkpoints."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the wish to rotate."""
        parser.add_argument("--rotate", action="store_true")

    def handle(self, **options: Any) -> None:
        """Print what auditors pin."""
        now = timezone.now()
        key = signing_key(now=now)
        if options["rotate"]:
            actor = Actor(label="system: evidence_key", channel="cli")
            key = rotate_key(actor=actor, now=now)
        certificate = key.certificate
        self.stdout.write(f"certificate  {certificate.subject.rfc4514_string()}")
        self.stdout.write(f"SHA-256      {key.fingerprint}")
        self.stdout.write(f"valid until  {certificate.not_valid_after_utc:%Y-%m-%d}")
