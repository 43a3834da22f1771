"""What looks like an id and is none is an empty answer or a clear error, never a broken one."""

import pytest

from accounts.models import User

pytestmark = pytest.mark.django_db
ODD = ["²", "٣", "9" * 25, str(2**63), "-1", "1e3", "NaN", "Infinity"]
DOORS = [
    "/api/assets/items/?id={}",
    "/api/assets/assets/?location={}",
    "/api/assets/relations/?item={}",
    "/api/assets/relations/?source={}",
    "/api/accounts/people/?team={}",
    "/api/governance/changes/?target={}",
    "/api/raci/holders/?role={}",
    "/plant/assets/?location={}",
    "/changes/what-if/?item={}&change_type=power_off&part=path&hit={}",
    "/ownership/?site={}",
]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("text", ODD)
def test_odd_ids_break_nothing(client, administrator: User, door: str, text: str):
    client.force_login(administrator)
    answer = client.get(door.replace("{}", text))
    assert answer.status_code in {200, 400, 404}, answer.content[:300]
