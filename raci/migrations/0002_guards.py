"""The database itself refuses to change a published matrix and to hold two As for one thing."""

from django.db import migrations

from raci.triggers import install, remove


class Migration(migrations.Migration):
    dependencies = [("raci", "0001_initial")]
    operations = [
        migrations.RunPython(
            lambda apps, editor: install(editor.connection),
            lambda apps, editor: remove(editor.connection),
        )
    ]
