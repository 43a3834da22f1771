"""Pages of the ledger, of packs and of verification."""
