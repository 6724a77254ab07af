"""`handrail doctor`: is this installation healthy? One line each: OK, or the problem and the command to run.

Sends nothing, changes nothing but a file that it makes and removes in the data folder.
What depends on the database is
only asked when that answers.
"""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import httpx
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from handrail import wiring
from handrail.settings import ROOT, Mode, Settings
from hub.errors import HandrailError, NoChannel
from hub.heartbeat import is_silent, last_beat
from hub.reading.wording import span
from hub.spool.folder import ASIDE
from hub.states import MessageState
from hub.store import audit, migrate
from hub.store.engine import Store
from hub.store.tables import Agency, AuditSeal, Conversation, Line, Message
from hub.working_time import bank_holidays
from integrations.assistant.model import model_path

STUCK_AFTER = timedelta(minutes=15)  # far longer than any lease: something should have settled it
LONGEST_WAIT = timedelta(minutes=2)  # for an inbound text to be handled
LARGEST_SKEW = timedelta(seconds=5)  # between this machine's clock and the database's
FEWEST_HOLIDAYS = 8  # bank holidays of England in a year without an extra one
ASSETS = ROOT / "inbox" / "static" / "vendor" / "handrail.css"


@dataclass(frozen=True, slots=True)
class Finding:
    """`what` was looked at, what was `found`; `do` is the way out when it is not `ok`."""

    what: str
    ok: bool
    found: str
    do: str = ""

    def __str__(self) -> str:
        way_out = f" → {self.do}" if self.do and not self.ok else ""
        return f"{'OK     ' if self.ok else 'PROBLEM'} {self.what}: {self.found}{way_out}"

    def as_row(self) -> dict[str, object]:
        return asdict(self)


def examine(settings: Settings) -> list[Finding]:
    """Every finding, in the order in which an administrator puts things right."""
    return [
        *_settings(settings),
        _master_key(settings),
        _data_folder(settings.data_folder),
        *_spool(settings),
        *_calendar(),
        _assets(),
        _credentials("twilio", settings.twilio_account_sid, settings.twilio_auth_token),
        _credentials("telegram", settings.telegram_token, settings.telegram_bot),
        *(_assistant(url) for url in settings.bot_url.split()),
        *_database(settings),
    ]


def _settings(settings: Settings) -> Iterator[Finding]:
    live = settings.mode is Mode.LIVE
    yield Finding("settings", True, f"mode {settings.mode}, at {settings.public_url}")
    if live and not settings.public_url.startswith("https://"):
        yield Finding("public address", False, "it is not https", "set HANDRAIL_PUBLIC_URL to an https:// address")
    if live and not settings.secure_cookies:
        yield Finding("cookies", False, "they go over http too", "unset HANDRAIL_SECURE_COOKIES")
    if settings.mode is Mode.TRIAL and not settings.trial_addresses:
        sentence = "nobody is on the list, so no text leaves"
        yield Finding("trial", False, sentence, 'set HANDRAIL_TRIAL_ADDRESSES to a list such as ["+447700900123"]')


def _master_key(settings: Settings) -> Finding:
    from hub.store.vault import Vault

    try:
        Vault.from_text(wiring.master_key(settings))
    except HandrailError as problem:
        return Finding("master key", False, problem.detail, "handrail keys master, then set HANDRAIL_MASTER_KEY")
    return Finding("master key", True, "32 bytes")


def _data_folder(folder: Path) -> Finding:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x")
    except OSError as problem:
        return Finding("data folder", False, problem.strerror or "not writable", "set HANDRAIL_DATA_FOLDER")
    free = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize // 2**30
    return Finding("data folder", free >= 1, f"writable, {free} GB free", "make room on its disk")


def _spool(settings: Settings) -> Iterator[Finding]:
    """What waits on this machine's disk; nothing to say where the key is wrong, which is told above."""
    from hub.store.vault import Vault

    with suppress(HandrailError):
        folder = wiring.spool(settings, Vault.from_text(wiring.master_key(settings)))
        waiting = folder.waiting(datetime.now(UTC))
        kinds = ", ".join(f"{number} {kind}" for kind, number in sorted(waiting.by_kind.items()))
        oldest = f" ({kinds}), the first for {span(waiting.oldest)}" if waiting.oldest else ""
        found = f"{waiting.number} waiting{oldest}, {waiting.bytes / 2**20:.1f} of {settings.spool_megabytes} MB"
        way_out = "start PostgreSQL and `handrail serve`, which takes them in"
        yield Finding("texts on disk", folder.is_usable() and not waiting.number, found, way_out)
        if waiting.aside:
            do = f"look for spool_set_aside in the log; move them from {folder.path / ASIDE} back up to try again"
            yield Finding("texts set aside", False, f"{waiting.aside} could not be taken in", do)


def _calendar() -> Iterator[Finding]:
    today = datetime.now(UTC).date()
    try:
        summer = datetime(today.year, 7, 1, tzinfo=ZoneInfo("Europe/London")).utcoffset()
        right = summer == timedelta(hours=1)
        yield Finding("time zones", right, f"London knows its summer time of {today.year}", "update the package tzdata")
    except ZoneInfoNotFoundError:
        yield Finding("time zones", False, "Europe/London is not known here", "install the package tzdata")
    following = range(date(today.year + 1, 1, 1).toordinal(), date(today.year + 2, 1, 1).toordinal())
    known = sum(date.fromordinal(day) in bank_holidays("ENG") for day in following)
    found = f"{known} in England in {today.year + 1}"
    yield Finding("bank holidays", known >= FEWEST_HOLIDAYS, found, "update the package holidays")


def _assets() -> Finding:
    built = ASSETS.exists()
    return Finding("web assets", built, "built" if built else "not built", "python3 -m handrail.setup web")


def _credentials(name: str, first: str, second: str) -> Finding:
    """Only whether they are there and look right: trying them is a text to somebody."""
    title = {"twilio": "Twilio", "telegram": "Telegram"}[name]
    if not first and not second:
        return Finding(title, True, "not used")
    if not (first and second):
        pair = {
            "twilio": "ACCOUNT_SID and HANDRAIL_TWILIO_AUTH_TOKEN",
            "telegram": "TOKEN and HANDRAIL_TELEGRAM_BOT",
        }
        return Finding(title, False, "half set", f"set HANDRAIL_{name.upper()}_{pair[name]}, or neither")
    looks_right = len(first) == 34 and first.startswith("AC") if name == "twilio" else ":" in first
    return Finding(title, looks_right, "set" if looks_right else "it does not look like one", "check for a slip")


def _assistant(url: str) -> Finding:
    """It may live elsewhere: an image of the hub has neither its examples nor its model."""
    model = model_path(ROOT) if (ROOT / "nlu_data").exists() else None
    is_trained = model is not None and model.exists()
    trained = f"; model {model.stem.removesuffix('.tar')}" if model and is_trained else "; no model of these files here"
    try:
        answer = httpx.get(f"{url}/webhooks/handrail/", timeout=2)
        ready = answer.status_code == httpx.codes.OK
    except httpx.HTTPError:
        ready = False
    found = f"{'answers' if ready else 'does not answer'} at {url}{trained if model else ''}"
    do = "python -m integrations.assistant.server run" if is_trained else "handrail nlu train"
    if model is None:
        do = "start it, or correct HANDRAIL_BOT_URL"
    return Finding("assistant", ready, found, f"{do} (until then numbers and keywords work, the rest goes to a person)")


# --- what only the database knows -----------------------------------------------------------------


def _database(settings: Settings) -> list[Finding]:
    try:
        with wiring.database(settings) as url:
            return asyncio.run(_ask(settings, url))
    except (HandrailError, SQLAlchemyError, OSError) as problem:
        found = getattr(problem, "detail", "") or f"it cannot be reached ({type(problem).__name__})"
        return [Finding("database", False, found, "start PostgreSQL, or correct HANDRAIL_DATABASE_URL")]


async def _ask(settings: Settings, url: str) -> list[Finding]:
    store = Store(url, pool_size=1)
    try:
        async with store.transaction() as session:
            findings = [await _server(session), await _clock(session)]
        has, needs = await asyncio.to_thread(migrate.current, url), migrate.newest()
        findings.append(Finding("tables", has == needs, has or "none", "handrail db upgrade"))
        if has != needs:
            return findings
        for look in LOOKS:
            async with store.transaction() as session:
                findings.append(await look(session))
        async with store.transaction() as session:
            return findings + [finding async for finding in _lines(settings, session)]
    finally:
        await store.close()


async def _server(session: AsyncSession) -> Finding:
    version = int(await session.scalar(text("SELECT current_setting('server_version_num')::int")) or 0) // 10_000
    return Finding("database", version >= 14, f"PostgreSQL {version}", "update PostgreSQL to 14 or newer")


async def _clock(session: AsyncSession) -> Finding:
    theirs = await session.scalar(text("SELECT clock_timestamp()"))
    skew = abs(datetime.now(UTC) - theirs) if theirs else timedelta(days=1)
    found = f"{skew.total_seconds():.1f} s from the database's"
    return Finding("clock", skew <= LARGEST_SKEW, found, "set the clock by the network (NTP)")


async def _pulse(session: AsyncSession) -> Finding:
    pulse, now = await last_beat(session), datetime.now(UTC)
    if pulse is None:
        return Finding("scheduler", False, "it has never run here", "handrail worker")
    found = f"last heard of {span(max(now - pulse, timedelta(0)))} ago"
    return Finding("scheduler", not is_silent(pulse, now), found, "handrail worker")


async def _stuck(session: AsyncSession) -> Finding:
    under_way = (MessageState.CLAIMED, MessageState.SENDING, MessageState.UNCERTAIN)
    old = datetime.now(UTC) - STUCK_AFTER
    wanted = select(func.count()).where(Message.state.in_(under_way), Message.state_at < old)
    number = await session.scalar(wanted)
    return Finding("messages on their way", not number, f"{number} stuck or uncertain", "handrail outbox list")


async def _overdue(session: AsyncSession) -> Finding:
    late = datetime.now(UTC) - STUCK_AFTER
    wanted = select(func.count()).where(Message.state == MessageState.QUEUED, Message.due_at < late)
    number = await session.scalar(wanted)
    return Finding("outbox", not number, f"{number} overdue", "handrail worker, or handrail outbox list")


async def _waiting(session: AsyncSession) -> Finding:
    oldest = await session.scalar(select(func.min(Conversation.waiting_since)))
    if oldest is None:
        return Finding("texts from people", True, "none waits")
    wait = max(datetime.now(UTC) - oldest, timedelta(0))
    return Finding("texts from people", wait <= LONGEST_WAIT, f"one waits for {span(wait)}", "handrail worker")


async def _chain(session: AsyncSession) -> Finding:
    broken = await audit.verify(session)
    seals = await session.scalar(select(func.count()).select_from(AuditSeal))
    found = f"seal {broken} does not hold" if broken else f"all {seals} seals hold"
    return Finding("audit", broken is None, found, "keep the database as it is and tell whoever answers for it")


async def _agencies(session: AsyncSession) -> Finding:
    number = await session.scalar(select(func.count()).select_from(Agency))
    return Finding("agencies", bool(number), f"{number}", "handrail agencies add")


LOOKS: tuple[Callable[[AsyncSession], Awaitable[Finding]], ...] = (
    _agencies,
    _pulse,
    _stuck,
    _overdue,
    _waiting,
    _chain,
)


async def _lines(settings: Settings, session: AsyncSession) -> AsyncIterator[Finding]:
    """A line without a channel cannot send; without any line nobody can be reached."""
    from hub.clock import SystemClock

    lines = (await session.scalars(select(Line).where(Line.enabled).order_by(Line.id))).all()
    if not lines:
        yield Finding("lines", False, "there are none", "handrail lines add")
    channels = wiring.real_channels(settings, SystemClock())
    for line in lines:
        try:
            channels.for_line(line.address, line.channel)
        except NoChannel:
            found = f"no {line.channel} is set up"
            yield Finding(f"line {line.address}", False, found, f"set up {line.channel}: handrail settings --docs")
        else:
            yield Finding(f"line {line.address}", True, f"{line.channel}, {line.side}")
