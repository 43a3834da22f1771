"""What an audit pack says of a site's current state: findings by kind with their rule, and how connections stand."""

from typing import Any

from django.utils.translation import gettext as _

from discovery.queries.current_state import FAULTS, CurrentState, current_state_at
from discovery.queries.state_words import RULES, TITLES, shown_findings
from discovery.rules.current_state import Kind
from discovery.rules.link_standing import Standing
from evidence.packs.sections import AuditScope, section, table

#: A pack is read by people: of one kind at most so many are printed, and all are counted.
MOST_PRINTED = 200


def current_state_section(scope: AuditScope) -> dict[str, Any]:
    """Collect the findings about the scope as recorded when the pack is written."""
    state = current_state_at(scope.path)
    return section(
        summary=_(
            "What is wrong with the integration of what stands in the scope, as recorded when this document was "
            "written: silos, gaps, flows without a conduit, and how connections that people declared compare with "
            "those that discovery saw. A finding about an item outside of the scope is counted, not named."
        ),
        facts={
            _("Findings"): state.fault_count,
            _("Findings with an item outside of the scope"): state.hidden,
            _("Connections declared and seen"): state.links.get(Standing.BOTH, 0),
            _("Connections seen only"): state.links.get(Standing.SEEN, 0),
            _("Connections declared only"): state.links.get(Standing.DECLARED, 0),
            _("Of these never looked at"): state.counts.get(Kind.UNLOOKED, 0),
        },
        tables=[_table(state, kind) for kind in FAULTS if state.counts.get(kind)],
    )


def _table(state: CurrentState, kind: Kind) -> dict[str, Any]:
    found = state.of_kinds([kind])
    shown = shown_findings(state, found[:MOST_PRINTED])
    title = f"{TITLES[kind]}: {len(found)}. {RULES[kind]}"
    if len(found) > MOST_PRINTED:
        title += " " + _("The first %s are printed.") % MOST_PRINTED
    rows = [
        [
            one.sentence,
            " ".join(one.why[1:]),
            one.since.date().isoformat() if one.since else "-",
        ]
        for one in shown
    ]
    return table(title, [_("Finding"), _("Trace"), _("Since")], rows)
