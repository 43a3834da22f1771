"""Console commands of discovery."""
