"""A NetBox to import from, and where the import keeps what it needs."""

import pytest

from tests.netbox.server import FakeNetBox, serving


@pytest.fixture
def kept(settings, tmp_path):
    """The folder of tokens, dumps and rows, empty."""
    settings.NETBOX_DIR = tmp_path / "netbox"
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.NETBOX_DIR


@pytest.fixture
def live(monkeypatch):
    """The address of a NetBox that runs."""
    monkeypatch.setattr(FakeNetBox, "requests", [])
    with serving(FakeNetBox) as address:
        yield address


@pytest.fixture
def send(client, administrator, django_capture_on_commit_callbacks):
    """Post as an administrator, jobs included."""
    client.force_login(administrator)

    def post(url, *arguments, **options):
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(url, *arguments, **options)

    return post
