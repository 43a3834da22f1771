"""`/api/governance/`: changes, their steps, seats, boards, the consequence of a question."""
