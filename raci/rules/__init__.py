"""Pure decisions of the resolver: which rules reach an item, which of them win, who acts for them.

Plain values in, plain values out; no Django. Design: architecture section 4.
"""

from raci.rules.acting import Holding, Party, Standing, Workforce, standings
from raci.rules.delegation import DelegationError, check_delegation
from raci.rules.selection import Selection, select
from raci.rules.specificity import Rule, Selector, Specificity, Subject, reach, specificity

__all__ = [
    "DelegationError",
    "Holding",
    "Party",
    "Rule",
    "Selection",
    "Selector",
    "Specificity",
    "Standing",
    "Subject",
    "Workforce",
    "check_delegation",
    "reach",
    "select",
    "specificity",
    "standings",
]
