"""Which pages the site has, found as a person finds them: by following its links, one example for each URL name."""

import re
import time
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import httpx
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

HREF = re.compile(r'<a\b[^>]*?\shref="([^"#]+)', re.DOTALL)
#: Not pages: files, fragments other pages load, answers to programs, steps that are only posted.
NOT_PAGES = re.compile(
    r"^(health_\w+|metrics|logout|.*:(lookup-\w+|inbox-count|sites|(current-state-)?export|(import|netbox)-apply|saved-filters?[\w-]*"
    r"|item-provenance|item-owner|person-roles|item-trace|seat-trace|preview|pack-file|record-file|record-progress"
    r"|token-revoke|member-(add|remove)|boardpolicy-\w+|matrix-(publish|draft|discard)|verify-ledger"
    r"|changerequest-(submit|execute|close|withdraw|vote|record)"
    r"|consent-(decide|revoke)|scan-(start|progress|cancel)|seen-import|map-(svg|pdf|job|file)|stop-lift|collector-(key|revoke|retire)|item-lock|identify-again))$"
)
#: Pages of which one example does not show what there is: how many to open.
MANY = {"governance:changerequest-detail": 12, "assets:item-detail": 2}


@dataclass(frozen=True)
class Found:
    """One page: the name of its URL, an address of it, and who opens it."""

    name: str
    address: str
    person: str


def log_in(url: str, username: str, password: str) -> httpx.Client:
    """Return a client that is logged in as somebody."""
    client = httpx.Client(base_url=url, timeout=60, follow_redirects=True)
    send(client, "/login/", {"username": username, "password": password})
    return client


def pages_of(client: httpx.Client, person: str, starts: tuple[str, ...] = ("/",)) -> list[Found]:
    """Follow the links that somebody finds from the starting addresses; return each page once."""
    seen: Counter[str] = Counter()
    addresses: set[str] = set()
    waiting = deque(starts)
    found = []
    while waiting:
        address = waiting.popleft()
        name = name_of(address)
        if address in addresses or not name or seen[name] >= MANY.get(name, 1):
            continue
        addresses.add(address)
        answer = client.get(address)
        if answer.status_code != 200 or "<html" not in answer.text:
            continue
        seen[name] += 1
        found.append(Found(name, address, person))
        waiting.extend(links_in(answer.text, address))
    return found


def links_in(text: str, address: str) -> Iterator[str]:
    """Yield the paths of this site that a page links to."""
    for href in HREF.findall(text):
        path = urlsplit(urljoin(address, href.replace("&amp;", "&")))
        if not path.netloc:
            yield path.path


def name_of(address: str) -> str:
    """Return the URL name behind an address, empty for what is no page."""
    try:
        name = resolve(urlsplit(address).path).view_name
    except Resolver404:
        return ""
    return "" if NOT_PAGES.match(name) or name.startswith("api") else name


def every_page_name() -> set[str]:
    """Return the URL names of all pages, from the site's own list of URLs."""
    return {name for name in _names(get_resolver(), "") if not NOT_PAGES.match(name)}


def _names(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern) and entry.name:
            yield f"{prefix}{entry.name}"
        elif isinstance(entry, URLResolver) and str(entry.pattern) != "api/":
            yield from _names(entry, f"{entry.namespace}:" if entry.namespace else prefix)


def send(
    client: httpx.Client,
    address: str,
    fields: dict[str, object],
    *,
    token_from: str = "",
    files: dict[str, tuple[str, bytes]] | None = None,
) -> str:
    """Post a form as its page would; return where the answer leads."""
    client.get(token_from or address)
    token = client.cookies["csrftoken"]
    answer = client.post(
        address,
        data={**fields, "csrfmiddlewaretoken": token},
        files=files,
        headers={"Referer": f"{client.base_url}{address}"},
    )
    assert answer.status_code == 200, answer.text
    return answer.url.path


def wait_until(client: httpx.Client, address: str, words: str, seconds: float = 60) -> str:
    """Open a page until it says something; return what it says then."""
    deadline = time.monotonic() + seconds
    while words not in (text := client.get(address).text):
        assert time.monotonic() < deadline, f"{address} does not say {words!r}: {text[-3000:]}"
        time.sleep(0.3)
    return text
