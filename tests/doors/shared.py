"""What all sites share: people, roles, words. Everybody signed in may read it, so it carries no marker."""

from dataclasses import dataclass, field
from typing import Any

from accounts.choices import TeamKind
from raci.models import Matrix
from tests.factories.accounts import (
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    TeamFactory,
)
from tests.factories.assets import ItemClassFactory, ProductFactory, TagFactory
from tests.factories.discovery import SiteRuleFactory
from tests.factories.governance import MONDAY, BoardPolicyFactory
from tests.factories.raci import ActivityFactory, MatrixFactory, RoleFactory


@dataclass
class Shared:
    """The shared objects by name."""

    objects: dict[str, Any] = field(default_factory=dict)

    def publish(self) -> None:
        """Put the matrix in force; afterwards it takes no more rows."""
        matrix = self.objects["published"]
        Matrix.objects.filter(pk=matrix.pk).update(status="published", effective_at=MONDAY)


def build_shared() -> Shared:
    """Make one of everything that stands at no site."""
    shared = Shared()
    found = shared.objects
    for name in ("person", "away", "accountable", "colleague"):
        found[name] = PersonFactory(name=f"Alex {name.title()}")
    found["team"] = TeamFactory(code="BOARD", name="Review board", kind=TeamKind.BOARD)
    found["membership"] = MembershipFactory(team=found["team"], person=found["person"])
    found["organisation"] = OrganisationFactory(slug="maker", name="Maker")
    found["item_class"] = ItemClassFactory(slug="plc")
    found["system_class"] = ItemClassFactory(slug="mes", kind="system")
    found["product"] = ProductFactory(vendor=found["organisation"], model="M-1")
    found["tag"] = TagFactory(slug="critical", name="Critical")
    found["activity"] = ActivityFactory(code="change", name="Change")
    found["role"] = RoleFactory(code="engineer", name="Engineer")
    found["published"] = MatrixFactory(code="operations", name="Operations")
    found["draft"] = MatrixFactory(code="future", name="Future")
    found["policy"] = BoardPolicyFactory(code="board", name="Board rules", board=found["team"])
    found["site_rule"] = SiteRuleFactory(name="site-maker")
    return shared
