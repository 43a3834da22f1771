"""`/api/accounts/...`"""

from accounts.api.views import (
    MembershipResource,
    OrganisationResource,
    PersonResource,
    TeamResource,
    TokenResource,
)
from common.api.routing import ResourceRouter

router = ResourceRouter()
router.register("people", PersonResource, basename="accounts-person")
router.register("teams", TeamResource, basename="accounts-team")
router.register("memberships", MembershipResource, basename="accounts-membership")
router.register("organisations", OrganisationResource, basename="accounts-organisation")
router.register("tokens", TokenResource, basename="accounts-token")
urlpatterns = router.urls
