"""Export and re-import, as in tests/imports."""

from tests.imports.conftest import export, run

__all__ = ["export", "run_rows"]


run_rows = run
