"""Pure decisions of discovery: what may be sent, what was seen, which item it is. No Django here."""
