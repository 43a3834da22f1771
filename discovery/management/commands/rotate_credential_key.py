"""manage.py rotate_credential_key: a new key, and every stored credential sealed under it."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from common.actor import Actor
from common.errors import DomainError
from discovery.services import rotate_key


class Command(BaseCommand):
    """Rotate the credential key; the devices' secrets themselves stay as they are."""

    help = (
        "Make a new credential key and seal every stored credential under it. With the key in "
        "RACEWAY_CREDENTIAL_KEY, put the new one in front of it there first."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Rotate, say how many."""
        actor = Actor(label="console: rotate_credential_key", channel="cli")
        try:
            count = rotate_key(actor=actor, now=timezone.now())
        except (DomainError, OSError) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{count} credentials are sealed under the new key. Back the key up.")
        if settings.CREDENTIAL_KEY:
            self.stdout.write("Now take the old key out of RACEWAY_CREDENTIAL_KEY, and restart.")
