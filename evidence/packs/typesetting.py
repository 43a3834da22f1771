"""HTML to PDF/A-3 with attachments. Imported only through evidence.packs.machinery."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from weasyprint import HTML, Attachment
from weasyprint.urls import URLFetcher

VARIANT = "pdf/a-3u"


@dataclass(frozen=True)
class Enclosure:
    """A file inside the PDF, with its relationship to the pages (AFRelationship)."""

    name: str
    content: bytes
    description: str
    relationship: str


class NothingFetcher(URLFetcher):  # type: ignore[misc]
    """A document of proof asks nothing of the network or the disk."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=["data"], allow_redirects=False, fail_on_errors=True)


def typeset(
    *, html: str, enclosures: Sequence[Enclosure], identifier: str, created_at: datetime
) -> bytes:
    """Return the PDF of a page of HTML with the enclosures attached."""
    attachments = [
        Attachment(
            string=one.content,
            name=one.name,
            description=one.description,
            relationship=one.relationship,
            created=created_at,
            modified=created_at,
        )
        for one in enclosures
    ]
    document = HTML(string=html, url_fetcher=NothingFetcher()).render(
        pdf_variant=VARIANT, pdf_identifier=identifier.encode()
    )
    document.metadata.attachments = attachments
    pdf: bytes = document.write_pdf(pdf_variant=VARIANT, pdf_identifier=identifier.encode())
    return pdf
