"""Static files as the site serves them: only those a page asks for, compressed once, and quickly.

Libraries ship far more than we use; compressing all of it took most of the time of a first start.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import brotli
from django.contrib.staticfiles.apps import StaticFilesConfig
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

#: What libraries bring along for pages of theirs that this site has not.
UNUSED = ("rest_framework", "guardian", "django_htmx", "redoc")
#: What a browser asks for: names with a hash, by Django, or by esbuild for what a module loads itself.
SERVED = re.compile(r"\.[0-9a-f]{12}(\.[^/]*)?$|^dist/chunks/")
#: Only for developers who look into a library.
UNCOMPRESSED = (".map", ".txt", "LICENSE")
#: A hundredth of the time of the highest level (11), for files a tenth larger.
BROTLI_LEVEL = 9


class StaticFiles(StaticFilesConfig):
    """Django's app, which leaves out the unused files when they are collected."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, *UNUSED]


class QuickCompressor(Compressor):  # type: ignore[misc]
    """WhiteNoise's compressor at a level that is worth its time; what is compressed already stays."""

    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        """Return the data as brotli."""
        return bytes(brotli.compress(data, quality=BROTLI_LEVEL))

    def compress(self, path: str) -> list[str]:
        """Write what is smaller beside the file; return the names of what was written."""
        return [] if _is_compressed(Path(path)) else super().compress(path)


def _is_compressed(path: Path) -> bool:
    """Tell whether it was done before: the compressor gives its files the time of their source."""
    packed = path.with_name(f"{path.name}.gz")
    return packed.exists() and int(packed.stat().st_mtime) == int(path.stat().st_mtime)


class CompressedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Django's hashed names, and beside each served file its compressed forms."""

    def create_compressor(self, **options: object) -> Compressor:
        """Return the compressor."""
        return QuickCompressor(**options)

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Compress the files a browser asks for; yield each with the name of a compressed form."""
        yield from super().compress_files([path for path in paths if is_worth_it(path)])


def is_worth_it(path: str) -> bool:
    """Tell whether a browser asks for the file under this name, so that it pays to have it small.

    >>> is_worth_it("dist/app.css"), is_worth_it("dist/app.1f2e3d4c5b6a.css")
    (False, True)
    """
    plain = re.sub(r"\.[0-9a-f]{12}(?=\.|$)", "", path)
    return bool(SERVED.search(path)) and not plain.endswith(UNCOMPRESSED)
