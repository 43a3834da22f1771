"""What a page's form would send, read from the page as a browser reads it."""

import re
from html.parser import HTMLParser
from typing import Any

from tests.doors.answers import body_of, client_of, undone
from tests.doors.routes import Door, addresses, all_doors

#: The page that edits what another page adds, where its name does not follow.
EDITING = {"assets:asset-create": "assets:item-edit", "assets:system-create": "assets:item-edit"}
NATURAL_KEYS = ("code", "slug", "employee_number", "model", "protocol")
#: What has to differ in the copy beside its keys.
FITTING = {"assets:system-create": lambda shared: {"item_class": [shared["system_class"].pk]}}


class Form(HTMLParser):
    """What a page's form would send as it stands."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self._select = self._area = ""

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "select":
            self._select = name
        elif tag == "textarea":
            self._area = name
            self.sent[name] = [""]
        elif tag == "option" and self._select and "selected" in given:
            self.sent.setdefault(self._select, []).append(given.get("value") or "")
        elif tag == "input" and name and name != "csrfmiddlewaretoken":
            if given.get("type") in {"checkbox", "radio"} and "checked" not in given:
                return
            unnamed = "on" if given.get("type") == "checkbox" else ""
            self.sent.setdefault(name, []).append(given.get("value") or unnamed)

    def handle_endtag(self, tag):
        self._select = "" if tag == "select" else self._select
        self._area = "" if tag == "textarea" else self._area

    def handle_data(self, data):
        if self._area:
            self.sent[self._area] = [self.sent[self._area][0] + data]


def form_of(
    door: Door, address: str, kept: Any, *, who: str = "administrator"
) -> dict[str, list[str]]:
    """Return what somebody's form would send; of a page that adds, what its editing page holds."""
    editing = EDITING.get(door.name, door.name.replace("-create", "-edit"))
    other = next((one for one in all_doors() if one.name == editing), None)
    if door.name.endswith("-create") and other is not None:
        (address,) = addresses(other, kept.secret)
    client = client_of(kept.people[who])
    with undone():
        response = client.get(address)
        text = body_of(response) if response.status_code == 200 else ""
    form = Form()
    form.feed("".join(re.findall(r"<form[^>]*method=\"post\".*?</form>", text, re.S | re.I)))
    if door.name.endswith("-create"):
        copied = {name: renamed_text(name, values) for name, values in form.sent.items()}
        return copied | FITTING.get(door.name, lambda _shared: {})(kept.shared.objects)
    return form.sent


def renamed_text(name: str, values: list[str]) -> list[str]:
    if name in {*NATURAL_KEYS, "username", "name"}:
        return [f"{value}-2" for value in values]
    return ["2031-01-01" for _value in values] if name == "valid_from" else values
