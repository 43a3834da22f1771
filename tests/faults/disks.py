"""A disk of one megabyte that is really full."""

import os
import subprocess
from pathlib import Path

import pytest


class TinyDisk:
    """A folder on a disk of its own; `fill()` leaves no byte free, `free()` gives all of it back."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "filler"

    def fill(self, *, leave: int = 0) -> None:
        """Take what is free, but for `leave` bytes (in blocks of 4096)."""
        free = os.statvfs(self.folder)
        size = free.f_bavail * free.f_frsize - leave
        with self._filler.open("ab") as filler:
            filler.write(b"x" * size)

    def free(self) -> None:
        self._filler.unlink()

    def files(self) -> list[str]:
        """Every file but the filler, hidden ones and drafts too."""
        found = (path for path in self.folder.rglob("*") if path.is_file())
        return sorted(str(path.relative_to(self.folder)) for path in found if path != self._filler)


def mount_tiny_disk(folder: Path) -> TinyDisk:
    """Mount it; skip the test, with the reason, where that is not possible."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount a small disk to fill up")
    command = ["mount", "-t", "tmpfs", "-o", "size=1m,mode=0700", "tmpfs", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {done.stderr.strip()}")
    return TinyDisk(folder)


def unmount(disk: TinyDisk) -> None:
    subprocess.run(["umount", "--lazy", str(disk.folder)], check=True)
