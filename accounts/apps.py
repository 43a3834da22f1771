"""People, teams, organisations, users, tokens."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from common.announce import NavPage, Subject, late, navigation, subjects
from common.registries import (
    PageTab,
    SearchSource,
    SiteRight,
    page_tabs,
    search_sources,
    site_rights,
)


class AccountsConfig(AppConfig):
    """Who there is; what they own is decided in raci."""

    name = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        """Announce pages, subjects and tabs."""
        for name, title, order in (
            ("person", _("People"), 10),
            ("team", _("Teams"), 20),
            ("organisation", _("Organisations"), 30),
        ):
            navigation.add(NavPage(name, "people", title, f"accounts:{name}-list", order=order))
        navigation.add(
            NavPage(
                "user",
                "administration",
                _("Users"),
                "accounts:user-list",
                order=20,
                visible=late("accounts.access.may_administer"),
            )
        )
        site_rights.add(
            SiteRight(
                "manages_people",
                "accounts.manage_people",
                _("Manages people and teams"),
                _("Adds and changes people, teams and companies; records the absence of anybody."),
                order=20,
            )
        )
        find_people = late("accounts.queries.find_people")
        search_sources.add(SearchSource("people", _("People and teams"), find_people, order=30))
        for name, load in (("person", "person_for"), ("team", "team_for")):
            subjects.add(
                Subject(
                    name,
                    load=late(f"accounts.access.{load}"),
                    header=late(f"accounts.views.headers.{name}_header"),
                )
            )
            page_tabs.add(
                PageTab(f"{name}-details", _("Details"), name, f"accounts:{name}-detail", order=10)
            )
