"""Voice messages and the machine that hears them: tried, given up on, never in front of others, nothing lost."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from hub.conversations import take_over
from hub.ports import Media
from hub.reasons import in_words
from hub.receive import handle_next
from hub.store.tables import AuditEvent, Escalation, MediaFile, VoiceDraft, Worker
from hub.voices.hearing import MOST_ATTEMPTS, hear_next
from hub.words import ChannelKind, Role, Side
from tests.transcripts.speaking import voice
from tests.world import NOISE, ScriptedTranscriber, World

OPEN_TRANSACTIONS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE state LIKE 'idle in transaction%' AND pid <> pg_backend_pid() AND datname = current_database()
"""
LINE, PHONE = "+447700900002", "+447700900101"


def listen(world: World, transcriber: object) -> None:
    object.__setattr__(world.hub, "transcriber", transcriber)


async def speak(world: World, *, address: str = PHONE, known: bool = True, seconds: int = 2) -> None:
    if known:
        async with world.hub.store.transaction() as session:
            await world.person(session, role=Role.VICTIM, address=address)
    said = (Media(voice(seconds), "audio/ogg", "voice.ogg"),)
    await world.simulator.text(address, LINE, "", channel=ChannelKind.SMS, media=said)


async def drafts(world: World) -> list[tuple[str, int]]:
    async with world.hub.store.transaction() as session:
        found = await session.scalars(select(VoiceDraft).order_by(VoiceDraft.id))
        return [(draft.state.value, draft.attempts) for draft in found]


class Blocked:
    """A machine that thinks until it is let go."""

    name, languages = "blocked", frozenset({"en"})

    def __init__(self) -> None:
        self.asked, self.free = asyncio.Event(), asyncio.Event()

    async def transcribe(self, sound: bytes) -> str:
        self.asked.set()
        await self.free.wait()
        return "said at last"


async def test_no_transaction_is_open_while_the_machine_thinks(world: World) -> None:
    machine = Blocked()
    listen(world, machine)
    await speak(world)
    while not await _handled(world):
        pass
    hearing = asyncio.create_task(hear_next(world.hub))
    await machine.asked.wait()
    async with world.hub.store.transaction() as session:
        assert await session.scalar(text(OPEN_TRANSACTIONS)) == 0
        draft = (await session.scalars(select(VoiceDraft).with_for_update(nowait=True))).one()
        assert draft.attempts == 1
    machine.free.set()
    assert await hearing
    assert await drafts(world) == [("asked", 1)]


async def _handled(world: World) -> bool:
    await handle_next(world.hub, "test")
    return bool(await drafts(world))


async def test_one_that_always_fails_stands_in_front_of_nobody(world: World) -> None:
    machine = ScriptedTranscriber(NOISE)
    listen(world, machine)
    await speak(world)
    await world.settle()
    assert await drafts(world) == [("waiting", 1)]
    machine.words = "the other one is heard"
    await speak(world, address="+447700900102")
    await world.driver.settle()
    assert (await drafts(world))[1] == ("asked", 1)
    machine.words = NOISE
    await world.push(minutes=20)
    assert (await drafts(world))[0] == ("failed", MOST_ATTEMPTS)
    async with world.hub.store.transaction() as session:
        reasons = list(await session.scalars(select(Escalation.reason)))
        files = list(await session.scalars(select(MediaFile.content_sealed)))
    assert reasons.count("voice_message") == 2, "a human has both, whatever the machine makes of them"
    assert all(files)


async def test_a_crash_in_the_middle_is_found_by_its_lease_and_counted(world: World) -> None:
    class Crashing(ScriptedTranscriber):
        async def transcribe(self, sound: bytes) -> str:
            self.heard += 1
            raise RuntimeError("the machine's process was killed")

    machine = Crashing()
    listen(world, machine)
    await speak(world)
    while not await _handled(world):
        pass
    for _ in range(MOST_ATTEMPTS):
        with pytest.raises(RuntimeError):
            await hear_next(world.hub)
        assert not await hear_next(world.hub), "whoever has it now is not disturbed"
        world.clock.push_to(world.clock.now() + timedelta(minutes=16))
    assert await hear_next(world.hub)
    assert machine.heard == MOST_ATTEMPTS
    assert await drafts(world) == [("failed", MOST_ATTEMPTS)]


async def test_two_workers_hear_it_once(world: World) -> None:
    machine = ScriptedTranscriber("heard once")
    listen(world, machine)
    await speak(world)
    while not await _handled(world):
        pass
    await asyncio.gather(*(hear_next(world.hub) for _ in range(4)))
    assert machine.heard == 1


async def test_a_machine_that_was_taken_away_leaves_nothing_waiting(world: World) -> None:
    listen(world, Blocked())
    await speak(world)
    while not await _handled(world):
        pass
    listen(world, None)
    await world.settle()
    assert await drafts(world) == [("unheard", 0)]


async def test_danger_in_a_draft_is_marked_as_heard_by_a_machine(world: World) -> None:
    listen(world, ScriptedTranscriber("he is outside my door now and he has a knife"))
    await speak(world)
    await world.settle()
    async with world.hub.store.transaction() as session:
        found = {e.reason: e for e in (await session.scalars(select(Escalation))).unique()}
    assert "a machine heard it in a voice message: listen" in in_words(found["danger_now"])
    assert found["danger_now"].due_at - found["danger_now"].opened_at == timedelta(minutes=10)


async def test_no_word_of_a_draft_stands_in_the_audit_or_unsealed(world: World) -> None:
    listen(world, ScriptedTranscriber("wellington boots by the canal"))
    await speak(world)
    await world.settle()
    async with world.hub.store.transaction() as session:
        told = str([(e.what, e.subject, e.details) for e in await session.scalars(select(AuditEvent))])
        draft = (await session.scalars(select(VoiceDraft))).one()
    assert "wellington" not in told
    assert b"wellington" not in (draft.words_sealed or b"")


async def test_somebody_unknown_who_speaks_is_put_to_a_human_and_nothing_is_read_out(world: World) -> None:
    listen(world, ScriptedTranscriber("who are you"))
    await speak(world, known=False)
    await world.settle()
    assert await drafts(world) == [("heard", 1)]
    assert not any("machine heard" in said or "good time" in said for said in world.heard(PHONE))
    async with world.hub.store.transaction() as session:
        file = (await session.scalars(select(MediaFile))).one()
    assert file.seconds, "it can be played"


async def test_while_a_human_answers_the_draft_is_made_and_the_bot_is_silent(world: World) -> None:
    listen(world, ScriptedTranscriber("thank you for ringing"))
    async with world.hub.store.transaction() as session:
        _, conversation = await world.person(session, role=Role.VICTIM, address=PHONE)
        worker = await session.get_one(Worker, world.workers[Side.VICTIMS])
        await take_over(world.hub, session, worker, conversation)
    said = (Media(voice(), "audio/ogg", "voice.ogg"),)
    await world.simulator.text(PHONE, LINE, "", channel=ChannelKind.SMS, media=said)
    await world.settle()
    assert await drafts(world) == [("heard", 1)]
    assert world.heard(PHONE) == []
