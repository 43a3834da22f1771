"""URLs of people and accounts, below /people/."""

from django.urls import path

from accounts.views import lookups, party_forms, people, profile, saved_filters, users

app_name = "accounts"
urlpatterns = [
    path("", people.PeopleList.as_view(), name="person-list"),
    path("add/", party_forms.PersonFormPage.as_view(), name="person-create"),
    path("<int:pk>/", people.PersonPage.as_view(), name="person-detail"),
    path("<int:pk>/edit/", party_forms.PersonFormPage.as_view(), name="person-edit"),
    path("<int:pk>/delete/", party_forms.DeleteParty.as_view(), name="person-delete"),
    path("teams/", people.TeamList.as_view(), name="team-list"),
    path("teams/add/", party_forms.TeamFormPage.as_view(), name="team-create"),
    path("teams/<int:pk>/", people.TeamPage.as_view(), name="team-detail"),
    path("teams/<int:pk>/edit/", party_forms.TeamFormPage.as_view(), name="team-edit"),
    path("teams/<int:pk>/members/", party_forms.AddMember.as_view(), name="member-add"),
    path("members/<int:pk>/remove/", party_forms.RemoveMember.as_view(), name="member-remove"),
    path(
        "teams/<int:pk>/delete/",
        party_forms.DeleteParty.as_view(form_page=party_forms.TeamFormPage),
        name="team-delete",
    ),
    path("organisations/", people.OrganisationList.as_view(), name="organisation-list"),
    path(
        "organisations/add/",
        party_forms.OrganisationFormPage.as_view(),
        name="organisation-create",
    ),
    path(
        "organisations/<int:pk>/",
        party_forms.OrganisationFormPage.as_view(),
        name="organisation-edit",
    ),
    path("users/", users.UserList.as_view(), name="user-list"),
    path("users/add/", users.UserFormPage.as_view(), name="user-create"),
    path("users/<int:pk>/", users.UserFormPage.as_view(), name="user-edit"),
    path("profile/", profile.Profile.as_view(), name="profile"),
    path("tokens/<int:pk>/revoke/", profile.RevokeToken.as_view(), name="token-revoke"),
    path("lookup/people/", lookups.PeopleLookup.as_view(), name="lookup-people"),
    path("lookup/teams/", lookups.TeamsLookup.as_view(), name="lookup-teams"),
    path("lookup/users/", lookups.UsersLookup.as_view(), name="lookup-users"),
    path("saved-filters/", saved_filters.SavedFilters.as_view(), name="saved-filters"),
    path(
        "saved-filters/<int:pk>/delete/",
        saved_filters.DeleteSavedFilter.as_view(),
        name="saved-filter-delete",
    ),
]
