"""The database itself refuses to change or remove what the ledger holds."""

from django.db import migrations

from evidence.triggers import install, remove


class Migration(migrations.Migration):
    dependencies = [("evidence", "0002_ledger_head")]
    operations = [
        migrations.RunPython(
            lambda apps, editor: install(editor.connection),
            lambda apps, editor: remove(editor.connection),
        )
    ]
