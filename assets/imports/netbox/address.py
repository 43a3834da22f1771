"""What people may give as the address and token of a NetBox, and which machines are never asked."""

import ipaddress
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from common.errors import DomainError

LONGEST = 200
# Where clouds answer with credentials outside the link-local ranges.
METADATA = {ipaddress.ip_address(text) for text in ("fd00:ec2::254", "100.100.100.200")}


class AddressError(DomainError):
    """The address or the token cannot be used."""

    code = "netbox_address"


def base_of(url: str) -> str:
    """Return the address without its trailing `/api/`. Raises AddressError naming what is allowed.

    >>> base_of(" https://netbox.example.com/api/ ")
    'https://netbox.example.com'
    """
    text = url.strip()
    if not _is_plain(text):
        raise AddressError(
            _(
                "'%(url)s' is not an address such as https://netbox.example.com: http or https, a "
                "name, if need be a port and a path, and nothing else."
            )
            % {"url": _shown(text)},
            fields={"url": [_("Give an address such as https://netbox.example.com.")]},
        )
    return text.rstrip("/").removesuffix("/api")


def require_token(token: str) -> None:
    """Refuse a token that no NetBox issues; the refusal does not repeat it. Raises AddressError."""
    if len(token) > LONGEST or not token.isascii() or not token.isprintable() or " " in token:
        raise AddressError(
            _("The token must be up to %(most)s letters, digits and signs without spaces.")
            % {"most": LONGEST},
            fields={"token": [_("Copy the token as NetBox shows it, and nothing around it.")]},
        )


def is_never_asked(address: str) -> bool:
    """Tell whether nothing there can be a NetBox: link-local addresses (metadata of clouds), groups, nowhere.

    >>> is_never_asked("169.254.169.254"), is_never_asked("::ffff:169.254.1.1"), is_never_asked("10.0.0.8")
    (True, True, False)
    """
    found = ipaddress.ip_address(address.partition("%")[0])
    found = getattr(found, "ipv4_mapped", None) or found
    nowhere = found.is_link_local or found.is_multicast or found.is_unspecified
    return nowhere or found in METADATA


def _is_plain(text: str) -> bool:
    if len(text) > LONGEST or not text.isprintable() or " " in text or "\\" in text:
        return False
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    rest = parts.query or parts.fragment or "@" in parts.netloc or "?" in text or "#" in text
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and port != 0 and not rest


def _shown(text: str) -> str:
    """Return the address without what stands before an @: it may be a password."""
    return text.rpartition("@")[2][:LONGEST]
