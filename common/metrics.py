"""What Prometheus reads at /metrics: requests by view, jobs by state, and what other apps register.

Counters live in the web processes (shared through files when there are several); gauges are read at the scrape.
"""

import hmac
import os
import time
from collections.abc import Callable, Iterator

from django.conf import settings
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from common.models import Job, JobState
from common.registries import Gauge, gauges

REQUESTS = Counter("raceway_requests_total", "Requests answered", ["view", "method", "status"])
SECONDS = Histogram(
    "raceway_request_seconds",
    "Time to answer a request",
    ["view"],
    buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10),
)


def jobs_by_state() -> Iterator[tuple[tuple[str, ...], float]]:
    """Count the background jobs, zero for a state without any."""
    rows = Job.objects.order_by().values_list("state").annotate(count=Count("pk"))
    counts = dict(rows)
    for state in JobState.values:
        yield (state,), counts.get(state, 0)


gauges.add(
    Gauge(
        name="raceway_jobs",
        help="Background jobs by state",
        labels=("state",),
        read=jobs_by_state,
    )
)


class GaugeCollector(Collector):
    """Turns the registered gauges into metric families."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for gauge in gauges:
            family = GaugeMetricFamily(gauge.name, gauge.help, labels=gauge.labels)
            for labels, value in gauge.read():
                family.add_metric(labels, value)
            yield family


class MetricsMiddleware:
    """Counts and times every request under the name of its view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        start = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        view = (match.view_name or "unnamed") if match else "unmatched"
        REQUESTS.labels(view, request.method, response.status_code).inc()
        SECONDS.labels(view).observe(time.perf_counter() - start)
        return response


def metrics(request: HttpRequest) -> HttpResponse:
    """Answer a scrape that carries the token; a site without a token has no such page (but a demo has)."""
    if not _may_scrape(request):
        raise Http404
    registry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    own = CollectorRegistry()
    own.register(GaugeCollector())
    body = generate_latest(registry) + generate_latest(own)
    return HttpResponse(body, content_type=CONTENT_TYPE_LATEST)


def _may_scrape(request: HttpRequest) -> bool:
    if not settings.METRICS_TOKEN:
        return bool(settings.DEMO or settings.DEBUG)
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode())
