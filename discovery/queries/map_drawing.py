"""A map as SVG: for a wide page, for a phone, and as a sheet of its own with its legend."""

from collections import Counter

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from discovery.queries.map_draft import told_words
from discovery.queries.site_map import SiteMap
from discovery.rules.map_chart import Told
from discovery.rules.map_layout import wide
from discovery.rules.map_pages import sheets_of
from discovery.rules.map_rows import narrow
from discovery.rules.map_svg import (
    LegendLine,
    legend_svg,
    line_sample,
    page_of_paper,
    page_svg,
    sheet_svg,
)

#: Room on A3 across beside margins, head and legend, in pixels of 1/96 inch.
PAPER_WIDTH, PAPER_HEIGHT = 1490.0, 930.0


def page_drawings(found: SiteMap) -> tuple[str, str]:
    """Return the drawing for a wide page and for a phone."""
    return (
        page_svg(wide(found.chart), label=found.title, css="map-wide"),
        page_svg(narrow(found.chart), label=found.title, css="map-narrow"),
    )


def legend_lines(found: SiteMap) -> list[LegendLine]:
    """Return the legend of a map: the lines it knows, and what is wrong where something is."""
    lines = [LegendLine(told, words) for told, words in told_words().items()]
    warnings = sorted({row.tie.warning for row in found.rows if row.tie.warning})
    return [*lines, *(LegendLine(Told.DECLARED, words, is_warned=True) for words in warnings)]


def legend_of(found: SiteMap) -> list[tuple[str, str, int]]:
    """Return the legend as sample lines, words and how many lines of the map are so, for a page."""
    counts = Counter(row.tie.warning or row.tie.told for row in found.rows)
    return [
        (
            line_sample(one.told, is_warned=one.is_warned),
            one.words,
            counts[one.words if one.is_warned else one.told],
        )
        for one in legend_lines(found)
    ]


def sheet_of(found: SiteMap) -> str:
    """Return the drawing as a file of its own."""
    return sheet_svg(
        wide(found.chart),
        title=found.title,
        subtitle=summary_of(found),
        legend=legend_lines(found),
    )


def paper_of(found: SiteMap) -> tuple[list[str], str]:
    """Return the drawing on as many A3 pages as it takes, and its legend."""
    plan = wide(found.chart)
    sheets = sheets_of(plan, width=PAPER_WIDTH, height=PAPER_HEIGHT)
    pages = [
        page_of_paper(plan, top=one.top, height=one.height, scale=sheets.scale)
        for one in sheets.slices
    ]
    return pages, legend_svg(legend_lines(found), PAPER_WIDTH)


def summary_of(found: SiteMap) -> str:
    """Return in one line what the map shows, of when, and what it leaves out."""
    moment = timezone.localtime(found.at)
    parts = [
        ngettext("%(n)d item", "%(n)d items", found.items) % {"n": found.items},
        ngettext("%(n)d line", "%(n)d lines", len(found.rows)) % {"n": len(found.rows)},
        found.beside_words,
        _("%(n)d hidden from you") % {"n": found.hidden} if found.hidden else "",
        f"{moment:%Y-%m-%d %H:%M %Z}",
    ]
    return " · ".join(part for part in parts if part)
