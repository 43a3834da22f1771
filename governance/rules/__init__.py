"""Pure decisions about changes: quorum, life cycle, risk, conflicts, canonical content."""
