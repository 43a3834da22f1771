"""Asks a server for pages of objects, and trusts it with nothing: time, size and number of what it sends are bounded.

Redirects are not followed, and no sentence repeats what a server sent: whoever points us somewhere learns only
whether a NetBox answers there.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson
from django.utils.translation import gettext as _

from assets.imports.netbox.address import is_never_asked
from assets.imports.netbox.machinery import http
from common.errors import DomainError

if TYPE_CHECKING:
    import httpx

PAGE = 500
ATTEMPTS = 3
Told = Callable[[str, int], None]


class NetBoxError(DomainError):
    """The server did not answer as a NetBox does."""

    code = "netbox"
    status = 502


@dataclass(frozen=True)
class Limits:
    """How long is waited and how much is taken: seconds, bytes and objects."""

    silence: float = 30.0
    page_seconds: float = 120.0
    total_seconds: float = 3_600.0
    page_bytes: int = 64 << 20
    objects: int = 1_000_000
    pause: float = 1.0


class EndpointRefusedError(NetBoxError):
    """The server answers, but not this: the endpoint is missing or closed."""


@dataclass
class Pages:
    """The API of one server. `told` hears the endpoint and how many objects came so far, after each page."""

    session: "httpx.Client"
    base: str
    headers: dict[str, str]
    limits: Limits
    told: Told
    taken: int = 0
    started: float = field(default_factory=time.monotonic)

    def rows(self, path: str) -> Iterator[dict[str, Any]]:
        """Yield all objects of an endpoint."""
        seen = 0
        while True:
            page = self._page(path, {"limit": PAGE, "offset": seen})
            rows = page["results"]
            seen += len(rows)
            self._count(len(rows))
            yield from rows
            self.told(path, self.taken)
            if not rows or seen >= page["count"]:
                return

    def count(self, path: str) -> int:
        """Return how many objects there are; 0 where the endpoint is missing or closed."""
        try:
            return int(self._page(path, {"limit": 1})["count"])
        except EndpointRefusedError:
            return 0

    def _count(self, more: int) -> None:
        self.taken += more
        if self.taken > self.limits.objects:
            raise NetBoxError(
                _("The server sends more than %(most)s objects; nothing was taken.")
                % {"most": f"{self.limits.objects:,}"}
            )

    def _page(self, path: str, query: dict[str, int]) -> dict[str, Any]:
        extra = {"exclude": "config_context"} if path.endswith(("devices", "machines")) else {}
        body = self._answer(f"{self.base}/{path}/", {**query, **extra})
        try:
            page = orjson.loads(body)
        except orjson.JSONDecodeError:
            page = None
        if not _is_page(page):
            raise NetBoxError(
                _("'%(path)s' did not answer with a page of results: is this a NetBox's address?")
                % {"path": path}
            )
        return dict(page)

    def _answer(self, url: str, query: dict[str, Any]) -> bytes:
        for attempt in range(1, ATTEMPTS + 1):
            self._require_time()
            try:
                status, body = self._get(url, query)
            except (http().HTTPError, http().InvalidURL) as error:
                if attempt == ATTEMPTS or isinstance(error, http().InvalidURL):
                    raise NetBoxError(_silence(url, error, self.limits)) from None
            else:
                if status < 500 or attempt == ATTEMPTS:
                    _require_success(status, url)
                    return body
            time.sleep(self.limits.pause * attempt)
        raise AssertionError("unreachable")

    def _get(self, url: str, query: dict[str, Any]) -> tuple[int, bytes]:
        deadline = time.monotonic() + self.limits.page_seconds
        body = bytearray()
        with self.session.stream("GET", url, params=query, headers=self.headers) as response:
            _require_askable(response)
            if response.status_code != 200:
                return response.status_code, b""
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > self.limits.page_bytes or time.monotonic() > deadline:
                    raise NetBoxError(
                        _(
                            "The server's page is endless: more than %(bytes)s MB, or longer than "
                            "%(seconds)s seconds. A NetBox sends less."
                        )
                        % {
                            "bytes": self.limits.page_bytes >> 20,
                            "seconds": round(self.limits.page_seconds),
                        }
                    )
        return 200, bytes(body)

    def _require_time(self) -> None:
        if time.monotonic() - self.started > self.limits.total_seconds:
            raise NetBoxError(
                _("Reading took longer than %(minutes)s minutes and was given up.")
                % {"minutes": round(self.limits.total_seconds / 60)}
            )


def _is_page(page: Any) -> bool:
    return (
        isinstance(page, dict)
        and isinstance(page.get("count"), int)
        and isinstance(page.get("results"), list)
        and all(isinstance(row, dict) for row in page["results"])
    )


def _require_askable(response: "httpx.Response") -> None:
    """Look at whom we speak with, not at what a name resolved to before: that can change in between."""
    stream = response.extensions.get("network_stream")
    peer = stream.get_extra_info("server_addr") if stream is not None else None
    if peer and is_never_asked(str(peer[0])):
        raise NetBoxError(
            _("The address leads to %(machine)s, where no NetBox can be; it is not read.")
            % {"machine": peer[0]}
        )


def _require_success(status: int, url: str) -> None:
    path = http().URL(url).path
    words = {"status": status, "path": path}
    if status in {401, 403}:
        sentence = _("NetBox refuses %(path)s (%(status)s): the token may not read it.") % words
        raise EndpointRefusedError(sentence)
    if 300 <= status < 400:
        sentence = _(
            "The server answers %(status)s at %(path)s: it sends elsewhere, which is not followed. Give "
            "the address it really has (https instead of http, perhaps)."
        )
        raise NetBoxError(sentence % words)
    if status != 200:
        raise EndpointRefusedError(_("NetBox answers %(status)s at %(path)s.") % words)


def _silence(url: str, error: Exception, limits: Limits) -> str:
    """Return why there was no answer, in words of ours: an error of the library may quote the server."""
    if isinstance(error, http().TimeoutException):
        reason = _("nothing came for %(seconds)s seconds") % {"seconds": f"{limits.silence:g}"}
    elif isinstance(error, http().ConnectError) and "CERTIFICATE" in str(error).upper():
        reason = _("its certificate is not one this server trusts")
    elif isinstance(error, http().ConnectError):
        reason = _("nobody listens there, or the name is unknown")
    else:
        reason = _("what came back is not HTTP")
    return _("NetBox does not answer at %(url)s: %(reason)s.") % {"url": url, "reason": reason}
