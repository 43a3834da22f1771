"""Factories for the operating model."""

from datetime import date

import factory

from raci.choices import Letter
from raci.models import Absence, Activity, Assignment, Matrix, Role, RoleHolder, ServiceLevel
from tests.factories.accounts import BaseFactory, PersonFactory
from tests.factories.assets import SystemFactory

LONG_AGO = date(2024, 1, 1)


class ActivityFactory(BaseFactory):
    class Meta:
        model = Activity
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"activity-{n}")
    name = factory.LazyAttribute(lambda o: o.code.replace("-", " ").capitalize())

    @factory.post_generation
    def path(self, create, extracted, **kwargs):
        parent = self.parent.path if self.parent else ""
        self.path = f"{parent}{self.pk}/"
        self.save(update_fields=["path"])


class RoleFactory(BaseFactory):
    class Meta:
        model = Role

    code = factory.Sequence(lambda n: f"role-{n}")
    name = factory.LazyAttribute(lambda o: o.code.replace("-", " ").capitalize())


class RoleHolderFactory(BaseFactory):
    """Held by a new person everywhere, unless told otherwise."""

    class Meta:
        model = RoleHolder

    role = factory.SubFactory(RoleFactory)
    person = factory.Maybe("team", None, factory.SubFactory(PersonFactory))
    team = None
    valid_from = LONG_AGO


class AbsenceFactory(BaseFactory):
    class Meta:
        model = Absence

    person = factory.SubFactory(PersonFactory)


class MatrixFactory(BaseFactory):
    """A draft; publish it with the service once its assignments are in."""

    class Meta:
        model = Matrix

    code = factory.Sequence(lambda n: f"matrix-{n}")
    name = factory.LazyAttribute(lambda o: o.code.replace("-", " ").capitalize())


class AssignmentFactory(BaseFactory):
    """Enterprise-wide A for a new role, unless told otherwise."""

    class Meta:
        model = Assignment

    matrix = factory.SubFactory(MatrixFactory)
    activity = factory.SubFactory(ActivityFactory)
    letter = Letter.ACCOUNTABLE
    role = factory.SubFactory(RoleFactory)
    valid_from = LONG_AGO


class ServiceLevelFactory(BaseFactory):
    class Meta:
        model = ServiceLevel

    item = factory.Maybe("location", None, factory.SubFactory(SystemFactory))
    location = None
    valid_from = LONG_AGO
