"""Discovery over the API."""
