"""`manage.py restore FILE`: a backup in the place of this site; refuses to overwrite one without --force."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from common.backups import restore_backup
from common.errors import DomainError
from common.registries import after_restore


class Command(BaseCommand):
    """Restore a backup."""

    help = "Verify FILE and make it this site: database, keys and uploaded files."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what to restore."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--force", action="store_true", help="replace a site that is not empty")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Restore it and say what comes next."""
        try:
            manifest = restore_backup(
                path=options["file"].absolute(), now=timezone.now(), is_forced=options["force"]
            )
        except DomainError as error:
            raise CommandError(str(error)) from error
        for make_known in after_restore:
            make_known()
        self.stdout.write(
            f"Restored {len(manifest['files'])} files of {manifest['created_at']}."
            " Next: manage.py migrate, then manage.py verify_ledger."
        )
