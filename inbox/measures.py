"""Numbers for the site's monitoring, at /metrics. No label tells who: routes are templates, not paths."""

import time
from datetime import datetime

from prometheus_client import CollectorRegistry, Gauge, Histogram, generate_latest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.states import EscalationState, MessageState
from hub.store.tables import Escalation, Heartbeat
from hub.store.tables import Message as StoredMessage

UNFINISHED = (
    MessageState.RECEIVED,
    MessageState.HELD,
    MessageState.QUEUED,
    MessageState.CLAIMED,
    MessageState.SENDING,
    MessageState.UNCERTAIN,
)


class Measures:
    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Histogram(
            "handrail_request_seconds",
            "Time to answer",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self.tick = Gauge("handrail_scheduler_last_tick_seconds", "Since the last tick", registry=self.registry)
        self.escalations = Gauge(
            "handrail_open_escalations", "Waiting for a worker", ("reason",), registry=self.registry
        )
        self.messages = Gauge(
            "handrail_messages", "Messages that have not reached an end", ("state",), registry=self.registry
        )

    async def read(self, session: AsyncSession, now: datetime) -> bytes:
        """All measures in the text format of Prometheus."""
        beat = await session.scalar(select(Heartbeat.at).where(Heartbeat.name == "scheduler"))
        self.tick.set((now - beat).total_seconds() if beat else float("inf"))
        await _set_by(session, self.escalations, Escalation.reason, Escalation.state != EscalationState.CLOSED)
        await _set_by(session, self.messages, StoredMessage.state, StoredMessage.state.in_(UNFINISHED))
        return generate_latest(self.registry)


async def _set_by(session: AsyncSession, gauge: Gauge, column: object, condition: object) -> None:
    gauge.clear()
    wanted = select(column, func.count()).where(condition).group_by(column)  # type: ignore[call-overload]
    for label, number in (await session.execute(wanted)).all():
        gauge.labels(str(label)).set(number)


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
