"""The graph's snapshot on beat, and a graph that knows its database was replaced."""

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

from assets.models import ItemClass
from assets.queries.live_graph import current_graph
from assets.tasks import save_graph
from common.registries import after_restore
from tests.factories.assets import AssetFactory, RelationFactory


@pytest.mark.django_db(transaction=True)
def test_the_snapshot_is_written_and_answers_stay_fresh(tmp_path):
    with override_settings(GRAPH_SNAPSHOT_DIR=tmp_path):
        asset = AssetFactory()
        save_graph()
        assert list(tmp_path.rglob("*"))
        other = RelationFactory(target=asset).source
        assert other.pk in current_graph()


def test_the_snapshot_is_on_the_schedule():
    tasks = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert "assets.save_graph" in tasks


@pytest.mark.django_db
def test_a_restore_makes_every_process_load_again():
    asset = AssetFactory()
    assert asset.pk in current_graph()
    for make_known in after_restore:
        make_known()
    assert asset.pk in current_graph()
    assert after_restore


@pytest.mark.django_db
def test_the_catalogue_adds_what_is_missing_and_keeps_what_was_edited():
    call_command("load_catalogue", verbosity=0)
    ItemClass.objects.filter(slug="plc").update(name="Our controllers")
    call_command("load_catalogue", verbosity=0)
    assert ItemClass.objects.get(slug="plc").name == "Our controllers"
