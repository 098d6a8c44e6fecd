"""The numbers at /metrics: requests counted here, and how each service says it is. No names, no addresses."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from schemas.house import Health

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Requests:
    """Requests by method, route template and status."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        names = ["method", "route"]
        self._count = Counter(
            "khaimac_http_requests", "Requests answered.", [*names, "status"], registry=self.registry
        )
        self._time = Histogram("khaimac_http_request_seconds", "Time to answer.", names, registry=self.registry)

    def add(self, method: str, route: str, status: int, seconds: float) -> None:
        self._count.labels(method, route, str(status)).inc()
        self._time.labels(method, route).observe(seconds)


class _Services(Collector):
    def __init__(self, healths: Mapping[str, Health | None]) -> None:
        self.healths = healths

    def collect(self) -> Iterable[Metric]:
        up = GaugeMetricFamily("khaimac_up", "1: the service answers.", labels=["service"])
        for name, health in self.healths.items():
            up.add_metric([name], float(health is not None))
        yield up
        yield from _families([health for health in self.healths.values() if health])


def _families(healths: list[Health]) -> Iterable[Metric]:
    for name, field, words in (
        ("khaimac_outbox_unsent", "outbox_unsent", "Committed events not yet published."),
        ("khaimac_outbox_oldest_seconds", "outbox_oldest_seconds", "Age of the oldest of them."),
        ("khaimac_consumer_pending", "consumer_pending", "Events that wait for this service."),
        ("khaimac_parked", "parked", "Events put aside because they failed."),
    ):
        family = GaugeMetricFamily(name, words, labels=["service"])
        for health in healths:
            family.add_metric([health.service], float(getattr(health, field)))
        yield family
    yield from _numbers(healths)


def _numbers(healths: list[Health]) -> Iterable[Metric]:
    """The services' own: a name that ends with _total only grows."""
    by_name: dict[str, dict[str, float]] = defaultdict(dict)
    for health in healths:
        for name, value in health.numbers.items():
            by_name["khaimac_" + re.sub(r"[^a-zA-Z0-9_]", "_", name)][health.service] = value
    for name, values in sorted(by_name.items()):
        family = (CounterMetricFamily if name.endswith("_total") else GaugeMetricFamily)(
            name, "A service's own number.", labels=["service"]
        )
        for service, value in values.items():
            family.add_metric([service], value)
        yield family


def exposition(requests: Requests, healths: Mapping[str, Health | None]) -> bytes:
    """Prometheus' text format 0.0.4; a service that does not answer is None."""
    registry = CollectorRegistry()
    registry.register(_Services(healths))
    return generate_latest(registry) + generate_latest(requests.registry)
