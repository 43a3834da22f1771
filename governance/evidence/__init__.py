"""What a pack says of changes: the decision record of one, and the sections of an audit over many."""
