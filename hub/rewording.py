"""An agency changes a text: proposed, accepted or refused, taken back, an earlier one brought back. Knows no screen."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.errors import BadWording, NotAllowed, NotFound
from hub.states import TEXT_MOVES, TextState, check_move
from hub.store import audit
from hub.store.tables import TextVersion, Worker
from hub.texts import Template
from hub.words import WorkerRole

DECIDE = frozenset({WorkerRole.SUPERVISOR, WorkerRole.ADMINISTRATOR})
PROPOSE = DECIDE | {WorkerRole.WORKER}
FIXED = "survey."  # the questions of a survey belong to its file: answers are counted across agencies


def judge(hub: Hub, key: str, language: str, text: str, discreet: str) -> list[str]:
    """What is wrong with a wording: nothing, or sentences. Raises `NotFound` for a text that cannot be reworded."""
    ours = ours_of(hub, key, language)
    wording = Template(text.strip(), _careful(ours, text, discreet), ours.choices)
    try:
        return [f"It {problem}" for problem in hub.flows.text_rules.problems(key, language, wording, ours)]
    except ValueError:  # a brace without its partner
        return ["It holds a { or } that stands alone. Write facts as {first_name}, and no other braces."]


def _careful(ours: Template, text: str, discreet: str) -> str:
    """Left empty, our own careful wording stays; where ours needs none, theirs has to need none either."""
    kept = ours.discreet if ours.discreet != ours.text else text
    return (discreet or kept).strip()


def ours_of(hub: Hub, key: str, language: str) -> Template:
    """The text as `flows/` has it. Raises `NotFound`."""
    known = hub.flows.texts.languages.get(language)
    found = known.templates.get(key) if known else None
    if found is None:
        raise NotFound
    return found


async def propose(
    hub: Hub, session: AsyncSession, worker: Worker, key: str, language: str, *, text: str, discreet: str, why: str = ""
) -> TextVersion:
    """Raises `NotAllowed`, `NotFound`, or `BadWording` with what is wrong."""
    if worker.role not in PROPOSE or key.startswith(FIXED):
        raise NotAllowed
    problems = judge(hub, key, language, text, discreet)
    if problems:
        raise BadWording(" ".join(problems))
    version = TextVersion(
        agency_id=worker.team.agency_id,
        side=worker.team.side,
        key=key,
        language=language,
        text=text.strip(),
        discreet=_careful(ours_of(hub, key, language), text, discreet),
        state=TextState.PROPOSED,
        why=why.strip(),
        by_id=worker.id,
        at=hub.clock.now(),
    )
    session.add(version)
    await session.flush()
    _record(hub, session, worker, "text_proposed", version)
    return version


async def decide(
    hub: Hub, session: AsyncSession, worker: Worker, version_id: int, *, accept: bool, why: str = ""
) -> TextVersion:
    """Live from now on, or refused with a reason. Raises `NotAllowed`, `NotFound` or `MoveNotAllowed`."""
    if worker.role not in DECIDE:
        raise NotAllowed
    version = await _locked(session, worker, version_id)
    check_move(TEXT_MOVES, version.state, TextState.LIVE if accept else TextState.REFUSED)
    if accept:
        problems = judge(hub, version.key, version.language, version.text, version.discreet)
        if problems:  # the rules or the text itself have changed since
            raise BadWording(" ".join(problems))
        await _retire_live(hub, session, worker, version.key, version.language)
    _end(hub, worker, version, TextState.LIVE if accept else TextState.REFUSED)
    version.decided_why = why.strip()
    _record(hub, session, worker, "text_accepted" if accept else "text_refused", version)
    return version


async def back_to_ours(hub: Hub, session: AsyncSession, worker: Worker, key: str, language: str) -> None:
    """The text of `flows/` is said again. Raises `NotAllowed`, or `NotFound` when it is said already."""
    if worker.role not in DECIDE:
        raise NotAllowed
    if not await _retire_live(hub, session, worker, key, language):
        raise NotFound


async def restore(hub: Hub, session: AsyncSession, worker: Worker, version_id: int) -> TextVersion:
    """An earlier wording once more: a supervisor's word makes it live, a worker's is a proposal."""
    old = await _locked(session, worker, version_id)
    if old.state not in {TextState.RETIRED, TextState.REFUSED}:
        raise NotFound
    again = await propose(
        hub, session, worker, old.key, old.language, text=old.text, discreet=old.discreet, why="An earlier wording"
    )
    return await decide(hub, session, worker, again.id, accept=True) if worker.role in DECIDE else again


async def _retire_live(hub: Hub, session: AsyncSession, worker: Worker, key: str, language: str) -> bool:
    wanted = select(TextVersion).where(
        TextVersion.agency_id == worker.team.agency_id,
        TextVersion.side == worker.team.side,
        TextVersion.key == key,
        TextVersion.language == language,
        TextVersion.state == TextState.LIVE,
    )
    live = (await session.scalars(wanted.with_for_update())).one_or_none()
    if live is None:
        return False
    _end(hub, worker, live, TextState.RETIRED)
    _record(hub, session, worker, "text_retired", live)
    await session.flush()  # before another one is live: the table allows one
    return True


async def _locked(session: AsyncSession, worker: Worker, version_id: int) -> TextVersion:
    """One of the worker's own agency and side. Raises `NotFound`."""
    found = await session.get(TextVersion, version_id, with_for_update=True)
    if found is None or (found.agency_id, found.side) != (worker.team.agency_id, worker.team.side):
        raise NotFound
    return found


def _end(hub: Hub, worker: Worker, version: TextVersion, state: TextState) -> None:
    version.state = check_move(TEXT_MOVES, version.state, state)
    version.decided_by_id, version.decided_at = worker.id, hub.clock.now()


def _record(hub: Hub, session: AsyncSession, worker: Worker, what: str, version: TextVersion) -> None:
    subject = f"text_version:{version.id}"
    actor, now = f"worker:{worker.id}", hub.clock.now()
    audit.record(session, now, actor, what, subject, text=version.key, language=version.language)
