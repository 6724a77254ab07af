"""Photos and voice messages that come as texts while a statement is being told: they answer its open question."""

from sqlalchemy import select

from hub.handling import Handling
from hub.photos import last_usable, not_usable
from hub.places import PLACE_TYPE
from hub.statements import asking, records, talk
from hub.statements.definition import Kind
from hub.store.tables import MediaFile, Statement
from hub.voices import drafts


async def asked_for(handling: Handling) -> Statement | None:
    """The statement whose question is open here. Of one that waits for "is now a good time?" none is."""
    return await asking.statement_of(handling)


async def take(handling: Handling, statement: Statement) -> None:
    """What could not be used is said; the question stays open. Words beside a file are an answer too."""
    _, refused = await last_usable(handling)
    if refused:
        return await not_usable(handling, refused)
    question = await asking.question_of(handling, statement)
    if question is None:
        return await talk.go_on(handling, statement)
    spoken = False
    for file in await _usable(handling):
        voice = drafts.is_voice(file)
        spoken = spoken or voice
        await records.keep(handling.hub, handling.session, statement, question, asking.way_of(handling), file=file)
        handling.record("statement_file", f"statement:{statement.id}", voice=voice)
    if question.kind is Kind.FILES or not (spoken or handling.text):
        return await asking.file_kept(handling, statement, question)
    if handling.text:
        await records.keep(
            handling.hub, handling.session, statement, question, asking.way_of(handling), words=handling.text
        )
    await talk.go_on(handling, statement)


async def _usable(handling: Handling) -> list[MediaFile]:
    """A shared place is none: where it happened, people say in words."""
    number = handling.message.id if handling.message else None
    came = select(MediaFile).where(MediaFile.message_id == number, MediaFile.refused == "").order_by(MediaFile.id)
    return [file for file in await handling.session.scalars(came) if file.content_type != PLACE_TYPE]
