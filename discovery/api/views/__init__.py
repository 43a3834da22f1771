"""Resources of discovery."""
