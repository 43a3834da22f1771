"""Checking what the ledger and the packs claim, without trusting the database or the site.

Nothing here asks Django for anything: the functions take bytes and rows and answer with verdicts.
"""

from evidence.verification.verdicts import Finding, Verdict

__all__ = ["Finding", "Verdict"]
