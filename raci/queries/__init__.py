"""Reads of the operating model that other apps rely on: who decides, what was promised, what it costs."""

from raci.queries.book import UnknownActivityError
from raci.queries.resolution import Answer, Finding, PartyRef, Resolution, Trace
from raci.queries.resolver import (
    resolve,
    resolve_activities,
    resolve_location,
    resolve_many,
    resolve_zone,
)
from raci.queries.service_levels import LineCost, Promise, line_costs, service_levels_of

__all__ = [
    "Answer",
    "Finding",
    "LineCost",
    "PartyRef",
    "Promise",
    "Resolution",
    "Trace",
    "UnknownActivityError",
    "line_costs",
    "resolve",
    "resolve_activities",
    "resolve_location",
    "resolve_many",
    "resolve_zone",
    "service_levels_of",
]
