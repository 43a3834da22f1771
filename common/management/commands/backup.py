"""`manage.py backup FILE`: the whole site in one file, while it runs."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from common.backups import write_backup
from common.errors import DomainError


class Command(BaseCommand):
    """Back the site up."""

    help = "Write database, keys and uploaded files to FILE (.tar.gz, readable by its owner only)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take where to write."""
        parser.add_argument("file", type=Path)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write it and say what is in it."""
        file: Path = options["file"]
        try:
            manifest = write_backup(path=file.absolute(), now=timezone.now())
        except DomainError as error:
            raise CommandError(str(error)) from error
        count, size = len(manifest["files"]), file.stat().st_size
        self.stdout.write(
            f"Wrote {file}: {count} files, {size / 1_000_000:.1f} MB. It holds the keys."
        )
