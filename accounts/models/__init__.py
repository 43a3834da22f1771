"""People, teams, organisations, users and tokens."""

from accounts.models.parties import Membership, Organisation, Person, Team
from accounts.models.saved_filters import SavedFilter
from accounts.models.users import ApiToken, User

__all__ = ["ApiToken", "Membership", "Organisation", "Person", "SavedFilter", "Team", "User"]
