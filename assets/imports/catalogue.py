"""The item classes we ship: added where missing, never changed, because what is there is the site's own by now."""

from pathlib import Path

from common.imports import ImportContext, ImportReport, apply, preview
from common.imports.findings import ADDED
from common.imports.kinds import kind_named
from common.imports.tables import table_of_file, table_of_rows

CATALOGUE = Path(__file__).resolve().parents[1] / "catalogue" / "item_classes.csv"


def load_catalogue(context: ImportContext) -> ImportReport:
    """Add the shipped item classes that the site does not have."""
    kind = kind_named("item_classes")
    with CATALOGUE.open("rb") as file:
        shipped = table_of_file(file)
        report = preview(kind=kind, table=shipped, context=context)
        new = {row.row for row in report.rows if row.outcome == ADDED}
        rows = [cells for number, cells in shipped.rows() if number in new]
    return apply(kind=kind, table=table_of_rows(shipped.header, rows), context=context)
