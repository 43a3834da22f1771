"""The one row every writer of the ledger locks."""

from django.db import migrations


def create_head(apps, schema_editor):
    apps.get_model("evidence", "LedgerHead").objects.get_or_create(pk=1)


def remove_head(apps, schema_editor):
    apps.get_model("evidence", "LedgerHead").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("evidence", "0001_initial")]
    operations = [migrations.RunPython(create_head, remove_head)]
