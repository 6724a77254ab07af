"""What transcripts about proof of attendance are given, and the codes that people in them type."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy.ext.asyncio import AsyncSession

from hub import places, venue_codes, video
from hub.store.tables import Appointment, Person, Worker
from tests.transcripts import props

if TYPE_CHECKING:
    from tests.transcripts.runner import Replay

OTHER_PERSON = "+447700900203"


async def around_the_appointment(
    replay: "Replay", session: AsyncSession, person: Person, given: dict[str, Any]
) -> None:
    """`meeting`: where its video call is held. `appointments`: further ones, by name. `agency`: its switches."""
    worker = await session.get_one(Worker, replay.world.workers[replay.side])
    if "meeting" in given:
        appointment = await replay.appointment(session)
        await video.set_meeting(replay.world.hub, session, worker, appointment, given["meeting"])
    for name, words in (given.get("appointments") or {}).items():
        await _give_another(replay, session, person, name, dict(words))
    switches = dict(given.get("agency") or {})
    venue = switches.pop("venue", "")
    for switch, value in switches.items():
        setattr(person.agency, switch, value)
    if venue:  # the location "near" of props is there
        await places.set_venue(replay.world.hub, session, worker, replay.side, venue, props.VENUE, 100)


async def _give_another(
    replay: "Replay", session: AsyncSession, person: Person, name: str, words: dict[str, Any]
) -> None:
    """`whose: other` is somebody else's, at another place of the same agency."""
    mine = replay.appointment_id
    if words.pop("whose", "") == "other":
        person, _ = await replay.world.person(session, name="Alex Reed", address=OTHER_PERSON)
    await replay.give_appointment(session, person, words)
    replay.others[name], replay.appointment_id = replay.appointment_id or 0, mine


async def code_of(replay: "Replay", which: str | dict[str, Any]) -> str:
    """As the screen shows it: `of` another appointment, some `minutes` from now, or as hands type it (`is`)."""
    how: dict[str, Any] = {"is": which} if isinstance(which, str) else which
    async with replay.world.hub.store.transaction() as session:
        appointment = await session.get_one(Appointment, replay.others.get(how.get("of", ""), replay.appointment_id))
        at = replay.world.clock.now() + timedelta(minutes=how.get("minutes", 0))
        return props.typed(venue_codes.shown(replay.world.hub, appointment, at), how.get("is", "right"))


async def join(replay: "Replay") -> None:
    """They press the button behind their own link to the video call."""
    async with replay.world.hub.store.transaction() as session:
        link = video.link(replay.world.hub, await replay.appointment(session))
        await video.join(replay.world.hub, session, link.rpartition("/")[2])
    await replay.world.settle()
