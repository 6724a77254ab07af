"""Numbers for the site's monitoring, at /metrics. No label tells who: routes are templates, not paths.

Workers have no web: what they do is read from the database, by every web process alike. So of several web processes
take the largest number and not the sum. Knows no table.
"""

import asyncio
import time
from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import HistogramMetricFamily
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.reading.load import BUCKETS, Accepted, Load, Problem, Wait
from hub.spool.folder import Waiting
from hub.words import Priority

UNKNOWN = float("nan")


class DueToAccepted:
    """A histogram that is given counts by the database instead of one observation at a time."""

    def __init__(self) -> None:
        self._numbers: dict[str, Tally[int]] = defaultdict(Tally)
        self._seconds: Tally[str] = Tally()

    def add(self, found: Iterable[Accepted]) -> None:
        for each in found:
            self._numbers[each.priority][each.bucket] += each.number
            self._seconds[each.priority] += each.seconds  # type: ignore[assignment]  # a tally adds fractions as well

    def collect(self) -> Iterator[HistogramMetricFamily]:
        family = HistogramMetricFamily(
            "handrail_due_to_accepted_seconds", "From due to accepted by the provider", labels=("priority",)
        )
        for priority, numbers in self._numbers.items():
            so_far, buckets = 0, list[tuple[str, float]]()
            for place, edge in enumerate((*BUCKETS, float("inf"))):
                so_far += numbers[place]
                buckets.append(("+Inf" if edge == float("inf") else str(edge), so_far))
            family.add_metric((priority,), buckets, sum_value=self._seconds[priority])
        yield family


class Measures:
    """All measures of one web process. `read_until` is how far its counters have read the database."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.read_until: datetime | None = None
        self.one_reader = asyncio.Lock()  # two questions at once would count the same things twice
        self.requests = Histogram(
            "handrail_request_seconds", "Time to answer", ("method", "route", "status"), registry=self.registry
        )
        self._database = self._gauge("handrail_database_up", "1 while PostgreSQL answers")
        self._tick = self._gauge("handrail_scheduler_last_tick_seconds", "Since the last tick")
        self._messages = self._gauge("handrail_messages", "Messages that have not reached an end", "state")
        self._oldest = self._gauge("handrail_messages_oldest_seconds", "Since the oldest came there", "state")
        self._due = self._gauge("handrail_due_messages", "Messages that could leave now", "priority")
        self._overdue = self._gauge("handrail_due_oldest_seconds", "Since the oldest could leave", "priority")
        self._texts = self._gauge("handrail_waiting_conversations", "With a text that nobody has looked at")
        self._texts_oldest = self._gauge("handrail_waiting_oldest_seconds", "Since the oldest such text")
        self._escalations = self._gauge("handrail_open_escalations", "Waiting for a worker", "reason")
        self._untaken = self._gauge("handrail_untaken_escalations", "Taken by nobody", "reason")
        self._crisis = self._gauge("handrail_crisis_untaken_oldest_seconds", "Since a cry for help that nobody took")
        self._spool = self._gauge("handrail_spool_waiting", "On this machine's disk, while PostgreSQL is away", "kind")
        self._spool_oldest = self._gauge("handrail_spool_oldest_seconds", "Since the oldest on disk")
        self._spool_bytes = self._gauge("handrail_spool_bytes", "Room taken on disk")
        self._problems = Counter(
            "handrail_provider_errors",
            "What providers refused, put off or did not deliver",
            ("channel", "meaning"),
            registry=self.registry,
        )
        self._accepted = DueToAccepted()
        self.registry.register(self._accepted)

    def text(self) -> bytes:
        """In the format of Prometheus."""
        return generate_latest(self.registry)

    def show_load(self, load: Load | None, now: datetime) -> None:
        """None: the database is away, and nobody knows."""
        self._database.set(load is not None)
        self._tick.set(_age(load.beat, now) if load else UNKNOWN)
        self._texts.set((load.texts.number if load.texts else 0) if load else UNKNOWN)
        self._texts_oldest.set(_oldest(load.texts, now) if load else UNKNOWN)
        self._crisis.set(_oldest(load.crisis, now) if load else UNKNOWN)
        _set(self._messages, self._oldest, load.unfinished if load else {}, now)
        _set(self._due, self._overdue, _every_priority(load.due, now) if load else {}, now)
        _set(self._escalations, None, load.escalations if load else {}, now)
        _set(self._untaken, None, load.untaken if load else {}, now)

    def show_spool(self, waiting: Waiting) -> None:
        for kind in ("text", "crisis", "receipt"):
            self._spool.labels(kind).set(waiting.by_kind[kind])
        self._spool.labels("aside").set(waiting.aside)
        self._spool_oldest.set(waiting.oldest.total_seconds() if waiting.oldest else 0)
        self._spool_bytes.set(waiting.bytes)

    def add(self, accepted: Iterable[Accepted], problems: Iterable[Problem]) -> None:
        self._accepted.add(accepted)
        for problem in problems:
            self._problems.labels(problem.channel, problem.meaning).inc(problem.number)

    def _gauge(self, name: str, words: str, *labels: str) -> Gauge:
        return Gauge(name, words, labels, registry=self.registry)


def _every_priority(due: Mapping[str, Wait], now: datetime) -> dict[str, Wait]:
    """Those of which none waits too: a line that falls to nothing, and no gap, is what a chart should show."""
    return {priority.value: due.get(priority.value, Wait(0, now)) for priority in Priority}


def _set(numbers: Gauge, ages: Gauge | None, waits: Mapping[str, Wait], now: datetime) -> None:
    for gauge in filter(None, (numbers, ages)):
        gauge.clear()
    for label, wait in waits.items():
        numbers.labels(label).set(wait.number)
        if ages:
            ages.labels(label).set(_oldest(wait, now))


def _oldest(wait: Wait | None, now: datetime) -> float:
    return max((now - wait.since).total_seconds(), 0) if wait else 0


def _age(at: datetime | None, now: datetime) -> float:
    return (now - at).total_seconds() if at else float("inf")


class MeasureRequests:
    """Plain ASGI: the time until the answer starts, by the route's template."""

    def __init__(self, app: ASGIApp, *, measures: Measures) -> None:
        self._app, self._requests = app, measures.requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()

        async def send_measured(message: Message) -> None:
            if message["type"] == "http.response.start":
                route = getattr(scope.get("route"), "path", "none")
                labels = (scope["method"], route, str(message["status"]))
                self._requests.labels(*labels).observe(time.perf_counter() - started)
            await send(message)

        await self._app(scope, receive, send_measured if scope["type"] == "http" else send)
