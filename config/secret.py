"""The site's secret key: made on first start, kept in a file only its owner can read."""

import os
import secrets
from pathlib import Path


def stored_secret(path: Path) -> str:
    """Return the secret in the file; create it (mode 0600) when there is none yet.

    Two processes starting at once agree: the file is created exclusively.
    """
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(64))
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink(missing_ok=True)
    return path.read_text().strip()
