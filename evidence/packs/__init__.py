"""Evidence packs: what goes into one, how it is typeset, signed and proven.

`PackContent` is what another floor fills; `evidence.services.packs.build_pack` turns it into a signed PDF/A-3.
"""

from evidence.packs.content import PackContent, Total

__all__ = ["PackContent", "Total"]
