"""A site with one object of every kind, all of whose own words carry a marker nothing else carries."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from guardian.shortcuts import assign_perm

from accounts.services.tokens import create_token
from assets.choices import LocationLevel
from common.actor import Actor
from common.models import Job, JobState
from discovery.access import MAP_TASK, PREVIEW_TASK
from discovery.services.identifying import TASK as IDENTIFY_AGAIN
from evidence.models import LedgerEntry
from evidence.services import Entry, entry_for, record_many
from governance.choices import ChangeState, VoteChoice
from governance.queries.consequence import consequence_of
from governance.queries.content import question_of
from governance.services.records import TASK as RECORD_TASK
from portal.access import IMPORT_TASK, NETBOX_TASK
from raci.models import Absence
from tests.doors.discovery import build_discovery
from tests.doors.shared import Shared
from tests.factories.accounts import SavedFilterFactory, UserFactory
from tests.factories.assets import (
    AssetFactory,
    ConduitFactory,
    LocationFactory,
    RedundancyGroupFactory,
    RelationFactory,
    SystemFactory,
    ZoneFactory,
)
from tests.factories.evidence import EvidencePackFactory
from tests.factories.governance import (
    ApprovalFactory,
    ApprovalRoundFactory,
    ChangeRequestFactory,
    ChangeTargetFactory,
    ImpactSnapshotFactory,
    VoteFactory,
)
from tests.factories.raci import (
    AbsenceFactory,
    AssignmentFactory,
    RoleHolderFactory,
    ServiceLevelFactory,
)

if TYPE_CHECKING:
    from accounts.models import User

RIGHTS = ("view_items", "edit_items", "manage_ownership", "request_changes", "run_discovery")
MONDAY = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)


@dataclass
class SiteObjects:
    """The objects of a site by the name OBJECTS gives them."""

    marker: str
    shared: Shared
    objects: dict[str, Any] = field(default_factory=dict)

    def pk(self, name: str) -> int:
        """Return the id of an object."""
        return int((self.objects.get(name) or self.shared.objects[name]).pk)

    @property
    def part_of_marker(self) -> str:
        """Return what finds the marker as a part of a word, and is not mistaken for it when echoed."""
        return self.marker[1:-1].lower()

    @property
    def all_pks(self) -> list[int]:
        """Return the ids of all objects of the site, each once."""
        return sorted({one.pk for one in self.objects.values()})

    @property
    def all_codes(self) -> list[str]:
        """Return the natural keys of all objects of the site."""
        return [one.code for one in self.objects.values() if getattr(one, "code", "")]

    @property
    def plain_values(self) -> dict[str, str]:
        """Return values for parameters that name no object."""
        return {
            "activity": self.shared.objects["activity"].code,
            "change_type": "power_off",
            "kind": "assets",
            "format": "csv",
            "as": "csv",
            "month": "2026-11",
            "start": "",
            "end": "",
            "relation_class": "depends_on",
            "at": "",
            "duration": "60",
            "hours": "1",
            "part": "",
            "group": "",
            "state": "",
            "view": "",
            "paths": "true",
            "list": "assets:asset-list",
        }

    @property
    def values_to_ask_with(self) -> list[object]:
        """Return what a stranger could ask about: names, codes, ids and paths of the site's things."""
        found = self.objects
        return [
            self.part_of_marker,
            found["asset"].code,
            found["system"].pk,
            found["location"].pk,
            found["location"].path,
            found["change"].pk,
            f"location:{found['location'].pk}",
        ]


def build_site(shared: Shared, marker: str) -> SiteObjects:
    """Make a site with one object of every kind; the drafts of matrices get its rows."""
    site = SiteObjects(marker, shared)
    _places(site)
    _items(site)
    _ownership(site)
    _change(site)
    build_discovery(site)
    _keeper(site)
    _papers(site)
    _entries(site)
    return site


def _places(site: SiteObjects) -> None:
    word, found = site.marker, site.objects
    found["location"] = LocationFactory(
        code=f"{word}-SITE", name=f"{word} works", address=f"{word} street 1"
    )
    found["line"] = LocationFactory(
        code=f"{word}-LINE",
        name=f"{word} line",
        level=LocationLevel.LINE,
        parent=found["location"],
    )
    for name in ("zone", "other_zone"):
        found[name] = ZoneFactory(
            code=f"{word}-{name}", name=f"{word} {name}", site=found["location"]
        )
    found["conduit"] = ConduitFactory(
        code=f"{word}-conduit",
        name=f"{word} conduit",
        from_zone=found["zone"],
        to_zone=found["other_zone"],
        protocols=[f"{word}-protocol"],
    )


def _items(site: SiteObjects) -> None:
    word, found, shared = site.marker, site.objects, site.shared.objects
    place = {"location": found["line"], "zone": found["zone"]}
    found["system"] = SystemFactory(code=f"{word}-SYS", name=f"{word} historian", **place)
    for name in ("asset", "switch", "spare"):
        found[name] = AssetFactory(
            code=f"{word}-{name}",
            name=f"{word} {name}",
            item_class=shared["item_class"],
            product=shared["product"],
            system=found["system"],
            serial_number=f"{word}-serial-{name}",
            hostname=f"{word}-{name}.plant",
            function=f"{word} function",
            description=f"{word} description",
            attributes={"note": f"{word} attribute"},
            provenance={"name": {"source": "manual", "detail": f"{word} provenance"}},
            stops_line=True,
            **place,
        )
    found["asset"].tags.add(shared["tag"])
    found["group"] = RedundancyGroupFactory(item=found["asset"], name=f"{word} pair")
    found["relation"] = RelationFactory(
        source=found["asset"],
        target=found["switch"],
        redundancy_group=found["group"],
        protocol=f"{word}-net",
        note=f"{word} note",
    )
    for one in ("asset", "switch"):
        RelationFactory(source=found["system"], target=found[one])
    RelationFactory(source=found["spare"], target=None, unresolved_target=f"{word} unknown box")


def _ownership(site: SiteObjects) -> None:
    word, found, shared = site.marker, site.objects, site.shared.objects
    found["holder"] = RoleHolderFactory(
        role=shared["role"], person=shared["person"], location=found["line"]
    )
    week = Absence.objects.count()
    found["absence"] = AbsenceFactory(
        person=shared["away"],
        reason=f"{word} surgery",
        starts_at=MONDAY + timedelta(weeks=week),
        ends_at=MONDAY + timedelta(weeks=week, days=4),
    )
    for matrix in (shared["published"], shared["draft"]):
        for kind, name in (("location", "line"), ("zone", "zone"), ("item", "system")):
            found["assignment"] = AssignmentFactory(
                matrix=matrix,
                activity=shared["activity"],
                role=shared["role"],
                scope_kind=kind,
                **{kind: found[name]},
            )
    found["service_level"] = ServiceLevelFactory(
        item=found["system"], cost_per_hour=98765, currency="EUR"
    )
    ServiceLevelFactory(location=found["line"], cost_per_hour=87654, currency="EUR")


def _change(site: SiteObjects) -> None:
    word, found, shared = site.marker, site.objects, site.shared.objects
    hit = found["system"]
    found["change"] = change = ChangeRequestFactory(
        number=f"CHG-{word}",
        title=f"{word} title",
        change_type="power_off",
        reason=f"{word} reason",
        plan=f"{word} plan",
        back_out_plan=f"{word} way back",
        requester=shared["person"],
        implementer=shared["person"],
        scope_path=found["line"].path,
        state=ChangeState.SUBMITTED,
        content_hash="1" * 64,
        impact_hash="0" * 64,
        window_start_at=datetime.now(UTC) + timedelta(days=1),
        window_end_at=datetime.now(UTC) + timedelta(days=1, hours=4),
    )
    ChangeTargetFactory(change=change, item=found["asset"])
    found["snapshot"] = snapshot = ImpactSnapshotFactory(change=change)
    freeze(site)
    found["round"] = ApprovalRoundFactory(
        change=change, content_hash="1" * 64, snapshot=snapshot, policy=shared["policy"], quorum=2
    )
    because = [{"item_id": hit.pk, "code": hit.code, "name": hit.name, "trace": []}]
    found["seat"] = ApprovalFactory(
        round=found["round"], person=shared["accountable"], because=because
    )
    other = ApprovalFactory(round=found["round"], person=shared["colleague"], because=because)
    VoteFactory(
        approval=other,
        choice=VoteChoice.REJECT,
        reason=f"{word} doubts",
        content_hash="1" * 64,
    )


def freeze(site: SiteObjects) -> None:
    """Set down what the site's change hits as the plant is now."""
    consequence = consequence_of(question_of(site.objects["change"]), at=MONDAY)
    snapshot = site.objects["snapshot"]
    snapshot.rows = [[hit.id, hit.code, hit.state, hit.depth] for hit in consequence.impact.hits]
    snapshot.facts = consequence.facts()
    snapshot.save()


def _keeper(site: SiteObjects) -> None:
    """Somebody of the site, with what is one's own: a token, saved filters, finished jobs."""
    word, found = site.marker, site.objects
    keeper: User = UserFactory(username=f"{word}.keeper", person=None)
    for right in RIGHTS:
        assign_perm(right, keeper, found["location"])
    found["keeper"] = keeper
    actor = keeper.as_actor(channel="web", request_id="r")
    found["token"], _secret = create_token(
        actor=actor, user=keeper, name=f"{word} token", now=MONDAY
    )
    found["saved_filter"] = SavedFilterFactory(
        owner=keeper, name=f"{word} filter", query=f"name={word}"
    )
    preview = {"is_dry_run": True, "name": f"{word}.csv"}
    for name, task, arguments in (
        ("evidence_job", "evidence.audit_pack", {}),
        ("import_job", IMPORT_TASK, preview | {"kind": "assets", "upload": word, "encoding": ""}),
        ("netbox_job", NETBOX_TASK, preview | {"key": word, "is_live": False}),
        ("record_job", RECORD_TASK, {"change_id": found["change"].pk}),
        (
            "seen_preview",
            PREVIEW_TASK,
            {
                "network_id": found["network"].pk,
                "upload": word,
                "name": f"{word}.xml",
                "switch": word,
            },
        ),
        ("identification_job", IDENTIFY_AGAIN, {"network_ids": [found["network"].pk]}),
        (
            "map_job",
            MAP_TASK,
            {"place_id": found["location"].pk, "network_id": None, "view": "topology"},
        ),
    ):
        found[name] = Job.objects.create(
            name=task,
            label=f"{word} job",
            state=JobState.SUCCEEDED,
            arguments=arguments,
            result={"file_name": f"{word}.pdf", "is_clean": True, "counts": {"added": 1}},
            requested_by_id=keeper.pk,
            requested_by_label=str(keeper),
            created_at=MONDAY,
            finished_at=MONDAY,
        )


def _papers(site: SiteObjects) -> None:
    word, found = site.marker, site.objects
    maps = Path(settings.MEDIA_ROOT) / "maps"
    maps.mkdir(parents=True, exist_ok=True)
    (maps / f"{word}.pdf").write_bytes(word.encode())
    folder = Path(settings.MEDIA_ROOT) / "packs"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{word}.pdf").write_text(f"%PDF-1.7 {word}")
    found["pack"] = EvidencePackFactory(
        identifier=f"AP-{word}",
        title=f"{word} evidence",
        subject=f"{word} period",
        requested_by_user_id=found["keeper"].pk,
        requested_by_label=f"{word} keeper",
        scope_path=found["location"].path,
        file_name=f"{word}.pdf",
    )


def _entries(site: SiteObjects) -> None:
    """What the ledger keeps about it, as the services would have written it."""
    word, found = site.marker, site.objects
    written: list[Entry] = []
    for name, one in found.items():
        if hasattr(one, "ledger_scope") and not isinstance(one, LedgerEntry):
            entry = entry_for(
                one,
                action="create",
                before={},
                after={"name": f"{word} {name}", "code": f"{word}-{name}"},
                comment=f"{word} comment",
            )
            written.append(entry)
    actor = Actor(
        label=f"{word} keeper", user_id=found["keeper"].pk, channel="web", request_id=word
    )
    rows = record_many(actor=actor, entries=written, now=MONDAY)
    found["entry"] = rows[0]
