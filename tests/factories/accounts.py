"""Factories for people, teams, organisations and users."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.models import Membership, Organisation, Person, SavedFilter, Team, User


class BaseFactory(DjangoModelFactory):
    """Rows carry times that services would set."""

    class Meta:
        abstract = True

    created_at = factory.LazyFunction(timezone.now)
    updated_at = factory.LazyFunction(timezone.now)


class OrganisationFactory(BaseFactory):
    class Meta:
        model = Organisation

    slug = factory.Sequence(lambda n: f"organisation-{n}")
    name = factory.LazyAttribute(lambda o: o.slug.title())


class TeamFactory(BaseFactory):
    class Meta:
        model = Team

    code = factory.Sequence(lambda n: f"TEAM-{n}")
    name = factory.LazyAttribute(lambda o: f"Team {o.code}")


class PersonFactory(BaseFactory):
    class Meta:
        model = Person

    employee_number = factory.Sequence(lambda n: f"E{n:04}")
    name = factory.Sequence(lambda n: f"Person {n}")


class MembershipFactory(BaseFactory):
    class Meta:
        model = Membership

    team = factory.SubFactory(TeamFactory)
    person = factory.SubFactory(PersonFactory)


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n}")
    person = factory.SubFactory(PersonFactory)
    password = factory.django.Password("correct horse battery")


class SavedFilterFactory(BaseFactory):
    class Meta:
        model = SavedFilter

    owner = factory.SubFactory(UserFactory)
    list_name = "assets:asset-list"
    name = factory.Sequence(lambda n: f"filter {n}")
