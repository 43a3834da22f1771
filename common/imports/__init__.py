"""Import and export of every kind of object: declared by its app, run by one service.

`import_kinds` holds the kinds; `preview` and `apply` take one with a table; `exporting` writes it out again, `tables` reads files.
"""

from common.imports.columns import Column, column_for, reference_column
from common.imports.findings import (
    FieldChange,
    Finding,
    ImportRefusedError,
    ImportReport,
    RowChange,
)
from common.imports.kinds import (
    ImportContext,
    ImportKind,
    Pending,
    PlannedRow,
    Session,
    import_kinds,
)
from common.imports.lookups import Lookup
from common.imports.running import apply, preview

__all__ = [
    "Column",
    "FieldChange",
    "Finding",
    "ImportContext",
    "ImportKind",
    "ImportRefusedError",
    "ImportReport",
    "Lookup",
    "Pending",
    "PlannedRow",
    "RowChange",
    "Session",
    "apply",
    "column_for",
    "import_kinds",
    "preview",
    "reference_column",
]
