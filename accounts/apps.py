"""People, teams, organisations, users, tokens."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Who there is; what they own is decided in raci."""

    name = "accounts"
    verbose_name = "Accounts"
