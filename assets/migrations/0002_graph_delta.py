"""The delta log of the dependency graph: tables and triggers, no model (only the database writes it)."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from assets.migrations import _graph_log_sql


def create(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Create the log and its triggers."""
    for statement in _graph_log_sql.create_statements(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def drop(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Remove them."""
    for statement in _graph_log_sql.drop_statements(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    """A later change of these tables on SQLite rebuilds them without triggers: run this again then."""

    dependencies = [("assets", "0001_initial")]

    operations = [migrations.RunPython(create, drop)]
