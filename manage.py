#!/usr/bin/env python
"""Command line entry point of Raceway: what a user can understand is told in a sentence, without a traceback."""

import os
import sys

from django.core.management import execute_from_command_line

from common.errors import DomainError
from common.outages import outage_of
from common.unmigrated import unmigrated_of


def main() -> None:
    """Run the command; exit code 1 when it was refused or the site cannot do its work."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        execute_from_command_line(sys.argv)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read the output (head, less) has enough; the interpreter must not write to them when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(128 + 13)
    except Exception as error:
        told = outage_of(error) or unmigrated_of(error) or error
        if not isinstance(told, DomainError):
            raise
        said = str(error).partition("\n")[0]
        sys.exit(f"{told} ({said})" if told is not error else str(told))


if __name__ == "__main__":
    main()
