"""A dry run as people read it: what would be asked, what would be left alone and why, a page at a time."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from discovery.rules.dry_run import DryRun, PlannedRequest, PlannedTarget
from discovery.rules.safety import SENTENCES, Refusal

#: What is shown of a dry run by this word: the addresses that would be asked.
ASKED = "asked"


@dataclass(frozen=True, slots=True)
class RefusalGroup:
    """Addresses that would be left alone for one reason."""

    reason: str
    sentence: str
    count: int


@dataclass(frozen=True, slots=True)
class AskedGroup:
    """One request of all that an address is asked: to which ports, and the packets of all of them at most."""

    request: str
    ports: Sequence[int]
    packets: int


@dataclass(frozen=True, slots=True)
class GroupedRun:
    """A dry run with its addresses grouped; `rows` are those of the group asked for."""

    run: DryRun
    groups: Sequence[RefusalGroup]
    shown: str
    rows: Sequence[PlannedTarget]

    @property
    def refused(self) -> int:
        """Return how many addresses would be left alone."""
        return len(self.run.targets) - self.run.probed

    @property
    def asked(self) -> Sequence[AskedGroup]:
        """Return what an address is asked, each request once with its ports."""
        found: dict[str, list[PlannedRequest]] = {}
        for one in self.run.requests:
            found.setdefault(one.request.value, []).append(one)
        return [
            AskedGroup(
                request,
                [one.port for one in group if one.port is not None],
                sum(one.packets for one in group),
            )
            for request, group in found.items()
        ]


def grouped(run: DryRun, *, shown: str = "") -> GroupedRun:
    """Return the dry run in groups; `shown` names one of them ("asked", or a reason), else the first there is."""
    counted = Counter(one.refusal for one in run.targets if one.refusal is not None)
    groups = [
        RefusalGroup(reason.value, str(SENTENCES[reason]), count)
        for reason, count in counted.most_common()
    ]
    known = ([ASKED] if run.probed else []) + [one.reason for one in groups]
    chosen = shown if shown in known else next(iter(known), ASKED)
    wanted = None if chosen == ASKED else Refusal(chosen)
    rows = [one for one in run.targets if one.refusal is wanted]
    return GroupedRun(run, groups, chosen, rows)


def plain_run(found: GroupedRun) -> Mapping[str, object]:
    """Return the counts of a dry run as plain values."""
    return {
        "addresses": len(found.run.targets),
        "asked": found.run.probed,
        "packets_at_most": found.run.packets,
        "seconds_estimate": round(found.run.seconds, 1),
        "requests": [
            {"request": one.request.value, "port": one.port, "packets_at_most": one.packets}
            for one in found.run.requests
        ],
        "refused": [
            {"reason": one.reason, "sentence": one.sentence, "count": one.count}
            for one in found.groups
        ],
    }


def plain_target(one: PlannedTarget) -> Mapping[str, object]:
    """Return one address of a dry run as plain values."""
    return {
        "address": one.address,
        "packets_at_most": one.packets,
        "refusal": one.refusal.value if one.refusal else "",
        "sentence": str(SENTENCES[one.refusal]) if one.refusal else "",
    }
