"""Statements and voice messages in transcripts: asking for one, speaking, what is kept of it."""

from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

import av
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.handling import Handling
from hub.prompts import open_prompt
from hub.statements import records, talk
from hub.store.tables import Conversation, Person, Statement, StatementAnswer, StatementVersion, VoiceDraft, Worker
from tests.world import ScriptedTranscriber

if TYPE_CHECKING:
    from tests.transcripts.runner import Replay

RATE, FRAME = 48_000, 960  # Opus


@cache
def voice(seconds: int = 2) -> bytes:
    """A small OGG with Opus inside, as Telegram sends voice notes: a hum, since a machine is told what it hears."""
    out = BytesIO()
    with av.open(out, "w", format="ogg") as file:
        stream: Any = file.add_stream("libopus", rate=RATE)
        stream.layout = "mono"
        for _ in range(seconds * RATE // FRAME):
            frame = av.AudioFrame(format="s16", layout="mono", samples=FRAME)
            frame.planes[0].update(bytes([0, 8] * (FRAME // 2) + [0, 248] * (FRAME // 2)))
            frame.sample_rate = RATE
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return out.getvalue()


def hear(replay: "Replay", words: str) -> None:
    transcriber = replay.world.hub.transcriber
    if isinstance(transcriber, ScriptedTranscriber):
        transcriber.words = words


async def give_statement(
    replay: "Replay", session: AsyncSession, person: Person, conversation: Conversation, name: str
) -> None:
    """A worker has asked for one just now."""
    hub = replay.world.hub
    worker = await session.get_one(Worker, replay.world.workers[person.side])
    statement = await records.ask(hub, session, worker, person, name)
    now = hub.clock.now()
    prompt = await open_prompt(session, conversation.id, now)
    await talk.invite(Handling(hub, session, conversation, None, "", prompt, now), statement)


async def state_of_statement(replay: "Replay", session: AsyncSession, what: str) -> object:
    if what == "voice":
        drafts = await session.scalars(select(VoiceDraft).order_by(VoiceDraft.id))
        return [draft.state.value for draft in drafts]
    statement = await replay.last(session, Statement)
    if what == "versions":
        versions = select(StatementVersion.number).where(StatementVersion.statement_id == statement.id)
        return sorted(await session.scalars(versions))
    if what == "said":
        return await _said(replay, session, statement)
    return statement.state.value


async def _said(replay: "Replay", session: AsyncSession, statement: Statement) -> dict[str, str]:
    """Question → what stands there now."""
    where = await records.standing(replay.world.hub, session, statement)
    hub = replay.world.hub

    def shown(answer: StatementAnswer) -> str:
        file = "photo" if records.is_photo(answer) else "voice"
        return answer.code or records.words_of(hub, statement, answer) or file

    return {name: " + ".join(shown(answer) for answer in given) for name, given in where.answers.items()}
