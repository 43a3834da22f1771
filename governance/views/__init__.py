"""Pages of changes: queue, list, form, the change itself, calendar, board."""
