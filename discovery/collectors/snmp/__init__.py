"""Reading devices over SNMP: few, planned, read-only requests (there is no code for a SET)."""
