"""A statement on pages: asked for by a worker, told on the person's own page, read, played and printed."""

import re
from hashlib import sha256
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from hub.ports import Media
from hub.statements import records
from hub.store.tables import AuditEvent, Escalation, MediaFile, Statement, StatementVersion, VoiceDraft, Worker
from hub.voices.hearing import hear_next
from hub.words import ChannelKind, Role, Side
from tests.transcripts.props import photo
from tests.transcripts.speaking import voice
from tests.web.conftest import Enter, Visitor
from tests.world import ScriptedTranscriber, World

pytestmark = pytest.mark.slow


async def victim(world: World, *, discreet: bool = False) -> str:
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session, role=Role.VICTIM, name="Ana Reyes", discreet=discreet)
        return person.ref


async def asked(world: World, enter: Enter, questions: str = "witness") -> tuple[Visitor, str, str]:
    """A worker beside the person shows the link. Gives the worker, the statement's address and the link."""
    ref = await victim(world)
    worker = await enter(Side.VICTIMS)
    answer = await worker.post(f"/people/{ref}/statements", questions=questions, how="link")
    assert answer.status_code == 303
    page = await worker.get(answer.headers["location"])
    assert "<svg" in page.text
    link = re.search(r"/q/([\w-]+)", page.text)
    assert link
    return worker, answer.headers["location"].removesuffix("/link"), link[0]


async def speaks(world: World) -> None:
    said = (Media(voice(), "audio/ogg", "voice.ogg"),)
    await world.simulator.text("+447700900101", "+447700900002", "", channel=ChannelKind.SMS, media=said)
    await world.settle()


async def tell(visitor: Visitor, link: str, number: int, **fields: object) -> str:
    files = {name: fields.pop(name) for name in ("photo", "voice") if name in fields}
    answer = await visitor.http.post(f"{link}/{number}", data=fields, files=files)  # type: ignore[arg-type]
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def test_told_with_words_photo_and_voice_and_confirmed(world: World, enter: Enter, visitor: Visitor) -> None:
    worker, there, link = await asked(world, enter)
    first = await visitor.get(link)
    assert "Exit this page" in first.text
    assert "What you saw" not in first.text, "how to leave comes before anything of substance"
    assert "Say only what you know" in (await visitor.get(f"{link}/start")).text
    spoken = ("voice.ogg", voice(), "audio/ogg")
    assert await tell(visitor, link, 1, answer="", voice=spoken) == f"{link}/2"
    assert await tell(visitor, link, 2, answer="across") == f"{link}/3"
    assert await tell(visitor, link, 3, photo=("car.jpg", photo("car.jpg"), "image/jpeg")) == f"{link}/3"
    assert "Photos sent: 1" in (await visitor.get(f"{link}/3")).text
    assert await tell(visitor, link, 3, done="1") == f"{link}/4"
    assert await tell(visitor, link, 4, answer="He had a <red> bag.") == f"{link}/check"
    check = await visitor.get(f"{link}/check")
    assert "<title>Check your answers" in check.text, "a title tells nothing of what the page is about"
    assert "He had a &lt;red&gt; bag." in check.text
    assert "Across the street" in check.text
    done = await visitor.post(f"{link}/check")
    assert "kept just as you said it" in done.text
    assert (await visitor.get(link)).status_code == 404, "a link ends when the statement is confirmed"
    read = await worker.get(there)
    assert "Confirmed in their own words" in read.text
    assert '<audio controls preload="none"' in read.text
    assert sha256(voice()).hexdigest() in read.text
    assert "our page" in read.text
    async with world.hub.store.transaction() as session:
        version = (await session.scalars(select(StatementVersion))).one()
        assert version.digest.hex() in read.text
        reasons = set(await session.scalars(select(Escalation.reason)))
        looked = set(await session.scalars(select(AuditEvent.what)))
    assert reasons == {"statement_given"}
    assert {"statement_asked", "statement_link_shown", "statement_viewed", "statement_sealed"} <= looked


async def test_printed_with_each_answer_its_time_and_the_files(world: World, enter: Enter, visitor: Visitor) -> None:
    worker, there, link = await asked(world, enter)
    await tell(visitor, link, 1, answer="A man ran out.", photo=("a.jpg", photo("a.jpg"), "image/jpeg"))
    await tell(visitor, link, 1, answer="A tall man ran out.")
    printed = await worker.get(f"{there}/statement.pdf")
    assert printed.headers["content-type"] == "application/pdf"
    assert "Ana" not in printed.headers["content-disposition"]
    reader = PdfReader(BytesIO(printed.content))
    words = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    for part in ("Statement of Ana Reyes", "A tall man ran out.", "A man ran out.", "changed later", "by our page"):
        assert part in words
    assert "They have not confirmed it" in words
    assert sha256(photo("a.jpg")).hexdigest() in words.replace(" ", "")
    assert "Ana" not in str(reader.metadata)


async def test_a_machines_draft_is_judged_on_the_page(world: World, enter: Enter, visitor: Visitor) -> None:
    object.__setattr__(world.hub, "transcriber", ScriptedTranscriber("a man rode a horse"))
    worker, there, link = await asked(world, enter)
    await tell(visitor, link, 1, answer="", voice=("v.ogg", voice(), "audio/ogg"))
    assert await hear_next(world.hub)
    for number in (2, 3, 4):
        await tell(visitor, link, number, skip="1")
    check = await visitor.get(f"{link}/check")
    assert "a man rode a horse" in check.text
    assert "only a draft until you say that it is right" in check.text
    number = re.search(r"/voice/(\d+)", check.text)
    assert number
    own = await visitor.get(f"{link}/voice/{number[1]}")
    assert own.headers["content-type"] == "audio/mpeg"
    await visitor.post(f"{link}/voice/{number[1]}", words="A man wrote off a house.", wrong="1")
    assert "A man wrote off a house." in (await visitor.get(f"{link}/check")).text
    await visitor.post(f"{link}/check")
    read = await worker.get(there)
    assert "A man wrote off a house." in read.text
    assert "The machine had heard: a man rode a horse" in read.text


async def test_taken_back_deletes_nothing_and_tells_a_human(world: World, enter: Enter, visitor: Visitor) -> None:
    worker, there, link = await asked(world, enter)
    await tell(visitor, link, 1, answer="I saw it all.")
    assert "so that nobody else can take it back for you" in (await visitor.get(f"{link}/back")).text
    assert "You have taken it back" in (await visitor.post(f"{link}/back")).text
    assert (await visitor.get(link)).status_code == 404
    read = await worker.get(there)
    assert "I saw it all." in read.text
    assert "or somebody with their phone did" in read.text
    async with world.hub.store.transaction() as session:
        assert list(await session.scalars(select(Escalation.reason))) == ["statement_withdrawn"]


async def test_words_of_danger_on_the_page_reach_a_human_at_once(world: World, enter: Enter, visitor: Visitor) -> None:
    _, _, link = await asked(world, enter)
    where = await tell(visitor, link, 1, answer="he is outside my door now and he has a knife")
    assert where.endswith("?call=now")
    assert "999" in (await visitor.get(where)).text
    async with world.hub.store.transaction() as session:
        assert list(await session.scalars(select(Escalation.reason))) == ["danger_now"]


@pytest.mark.parametrize(
    ("name", "content", "kind", "said"),
    [
        ("photo", b"not a photo", "image/jpeg", "We cannot use this file"),
        ("voice", b"OggS" + b"\0" * 400, "audio/ogg", "We cannot use this file"),
        ("photo", b"\xff" * (11 << 20), "image/jpeg", "too large"),
    ],
)
async def test_a_file_that_cannot_be_used_says_so(
    world: World, enter: Enter, visitor: Visitor, name: str, content: bytes, kind: str, said: str
) -> None:
    _, _, link = await asked(world, enter)
    answer = await visitor.http.post(f"{link}/1", data={"answer": "typed"}, files={name: ("x", content, kind)})
    assert answer.status_code in {413, 422}
    assert said in answer.text
    async with world.hub.store.transaction() as session:
        assert (await session.scalars(select(MediaFile))).all() == []


async def test_nothing_given_asks_again_and_skip_goes_on(world: World, enter: Enter, visitor: Visitor) -> None:
    _, _, link = await asked(world, enter)
    nothing = await visitor.http.post(f"{link}/1", data={"answer": " "})
    assert nothing.status_code == 422
    assert "leave the question out" in nothing.text
    assert await tell(visitor, link, 1, skip="1") == f"{link}/2"


async def test_in_welsh(world: World, enter: Enter, visitor: Visitor) -> None:
    _, _, link = await asked(world, enter)
    await visitor.post(f"{link}/language/cy", place="/start")
    page = await visitor.get(f"{link}/1")
    assert "Beth welsoch neu glywsoch chi?" in page.text
    assert 'lang="cy"' in page.text


async def test_a_link_found_by_somebody_else_ends(world: World, enter: Enter, visitor: Visitor) -> None:
    _, _, link = await asked(world, enter)
    await visitor.post(f"{link}/not-me")
    assert (await visitor.get(link)).status_code == 404


async def test_asked_for_by_text_in_words_that_fit_the_phone(world: World, enter: Enter) -> None:
    ref = await victim(world, discreet=True)
    worker = await enter(Side.VICTIMS)
    page = await worker.get(f"/people/{ref}/statements")
    assert "Others may read their phone" in page.text
    missing = await worker.post(f"/people/{ref}/statements")
    assert missing.status_code == 422
    assert "Select which questions." in missing.text
    await worker.post(f"/people/{ref}/statements", questions="at_the_scene", how="text")
    await world.settle()
    (said,) = world.heard()
    assert "http" not in said
    assert "happened" not in said


async def test_the_other_side_has_no_such_page(world: World, enter: Enter) -> None:
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session)
        ref = person.ref
    worker = await enter(Side.SUPERVISION)
    assert (await worker.get(f"/people/{ref}/statements")).status_code == 404
    assert (await worker.post(f"/people/{ref}/statements", questions="witness", how="link")).status_code == 404
    assert "/statements" not in (await worker.get(f"/people/{ref}")).text
    hidden = await victim_of_the_other_side(world)
    assert (await worker.get(f"/people/{hidden}/statements/1")).status_code == 404


async def victim_of_the_other_side(world: World) -> str:
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session, role=Role.VICTIM, address="+447700900303")
        worker = await session.get_one(Worker, world.workers[Side.VICTIMS])
        await records.ask(world.hub, session, worker, person, "witness")
        return person.ref


async def test_a_voice_message_is_played_part_by_part_and_each_listener_is_recorded(world: World, enter: Enter) -> None:
    await victim(world)
    await world.simulator.text(
        "+447700900101", "+447700900002", "", channel=ChannelKind.SMS, media=(Media(voice(), "audio/ogg", "voice.ogg"),)
    )
    await world.settle()
    worker = await enter(Side.VICTIMS)
    async with world.hub.store.transaction() as session:
        file = (await session.scalars(select(MediaFile))).one()
        ref = (await session.scalars(select(AuditEvent.person_id))).first()
        assert (await session.scalars(select(VoiceDraft.state))).all() == ["unheard"]
        assert file.content_type == "audio/mpeg"
        assert file.sha256 == sha256(voice()).digest()
    assert ref
    whole = await worker.get(f"/voices/{file.id}")
    assert whole.headers["accept-ranges"] == "bytes"
    part = await worker.http.get(f"/voices/{file.id}", headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, whole.content[10:20])
    rest = await worker.http.get(f"/voices/{file.id}", headers={"Range": f"bytes={len(whole.content) - 5}-"})
    assert rest.content == whole.content[-5:]
    assert (await worker.http.get(f"/voices/{file.id}", headers={"Range": "bytes=9999999-"})).status_code == 416
    original = await worker.get(f"/voices/{file.id}/original")
    assert original.content == voice(), "what came is kept to the byte"
    assert original.headers["content-disposition"].startswith("attachment")
    async with world.hub.store.transaction() as session:
        looks = select(AuditEvent.what).where(AuditEvent.what.in_(("voice_played", "voice_saved")))
        assert sorted(await session.scalars(looks)) == ["voice_played", "voice_saved"]
    other = await enter(Side.SUPERVISION, name="Somebody Else")
    assert (await other.get(f"/voices/{file.id}")).status_code == 404
    assert (await other.get(f"/voices/{file.id}/original")).status_code == 404


async def test_the_conversation_shows_a_player_and_the_draft_with_what_it_is(world: World, enter: Enter) -> None:
    object.__setattr__(world.hub, "transcriber", ScriptedTranscriber("he came back at nine"))
    ref = await victim(world)
    await world.simulator.text(
        "+447700900101", "+447700900002", "", channel=ChannelKind.SMS, media=(Media(voice(), "audio/ogg", "voice.ogg"),)
    )
    await world.settle()
    page = await (await enter(Side.VICTIMS)).get(f"/people/{ref}/messages")
    assert '<audio controls preload="none"' in page.text
    assert "autoplay" not in page.text
    assert "he came back at nine" in page.text
    assert "A machine’s draft – listen before you rely on it." in page.text
    assert "media-src 'self'" in page.headers["content-security-policy"]

    return (Media(voice(), "audio/ogg", "voice.ogg"),)


async def test_what_was_confirmed_and_changed_afterwards_in_the_store_is_seen(
    world: World, enter: Enter, visitor: Visitor
) -> None:
    worker, there, link = await asked(world, enter)
    for number in (1, 2, 3, 4):
        fields = {"answer": "He ran."} if number == 1 else {"skip": "1"}
        await tell(visitor, link, number, **fields)
    await visitor.get(f"{link}/check")
    await visitor.post(f"{link}/check")
    assert "Unchanged since." in (await worker.get(there)).text
    async with world.hub.store.transaction() as session:
        statement = (await session.scalars(select(Statement))).one()
        version = (await session.scalars(select(StatementVersion))).one()
        key = world.hub.vault.open_person_key(statement.person.wrapped_key or b"")
        content = key.open(version.content_sealed, "statement_version").replace("He ran.", "She ran.")
        version.content_sealed = key.seal(content, "statement_version")
    assert "It has been changed since" in (await worker.get(there)).text
