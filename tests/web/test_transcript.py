"""A conversation as a file: every line, every letter, the days that were asked for, and a record of who took it."""

from datetime import timedelta
from io import BytesIO

import httpx
import pypdf
import pytest
from sqlalchemy import select

from hub.store.tables import AuditEvent
from hub.words import WorkerRole
from tests.web.conftest import Enter, Visitor
from tests.web.test_inbox import person_in_trouble
from tests.world import World

pytestmark = pytest.mark.slow

MARCH = "since_day=1&since_month=3&since_year=2026&until_day=31&until_month=3&until_year=2026"
# Welsh, Polish, Romanian, Urdu (right to left), and a face.
WORDS = (
    "Mae'r tŷ yn dŵr i gyd",
    "Zażółć gęślą jaźń",
    "Știu că ați venit în oraș",
    "مجھے دیر ہو رہی ہے",
    "on my way 😀",
)


async def download(visitor: Visitor, ref: str, kind: str, asked: str = MARCH) -> httpx.Response:
    return await visitor.get(f"/people/{ref}/messages/transcript.{kind}?{asked}")


def read(pdf: httpx.Response) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf.content)).pages)


async def test_every_letter_of_every_language_comes_out_in_both_files(world: World, enter: Enter) -> None:
    ref, number = await person_in_trouble(world)
    for words in WORDS:
        await world.text(words)
    priya = await enter()
    await priya.post(f"/people/{ref}/messages", conversation=number, body="I will call you at 2")
    await world.settle()
    text, pdf = await download(priya, ref, "txt"), await download(priya, ref, "pdf")
    printed = read(pdf)
    for found in (text.text, printed):
        assert [words for words in (*WORDS, "I will call you at 2") if words not in found] == []
        assert f"reference {ref}" in found
        assert "From 1 March 2026 to 31 March 2026" in found
        assert "10am, Sam Carter, Text" in found
        assert "10am, Priya Shah, Text. Delivered. 1 text" in found
    assert "Page 1 of 1" in printed


async def test_the_files_name_and_title_say_the_reference_alone_and_the_download_is_recorded(
    world: World, enter: Enter
) -> None:
    ref, _ = await person_in_trouble(world)
    priya = await enter()
    pdf = await download(priya, ref, "pdf")
    assert pdf.headers["content-disposition"] == f'attachment; filename="conversation-{ref}.pdf"'
    assert pypdf.PdfReader(BytesIO(pdf.content)).metadata["/Title"] == f"Conversation, reference {ref}"
    async with world.hub.store.transaction() as session:
        taken = (await session.scalars(select(AuditEvent).where(AuditEvent.what == "transcript_downloaded"))).one()
    assert taken.details == {"since": "2026-03-01", "until": "2026-03-31", "notes": False}


async def test_it_holds_the_days_that_were_asked_for_and_notes_only_if_wanted(world: World, enter: Enter) -> None:
    ref, number = await person_in_trouble(world)
    await world.text("said on Monday")
    await (await enter()).post(f"/people/{ref}/notes", conversation=number, note="Prefers mornings")
    await world.push(days=1)
    await world.text("said on Tuesday")
    priya = await enter()
    only_tuesday = MARCH.replace("since_day=1", "since_day=3")
    tuesday = (await download(priya, ref, "txt", only_tuesday)).text
    assert "said on Tuesday" in tuesday
    assert "said on Monday" not in tuesday
    assert "Prefers mornings" not in (await download(priya, ref, "txt")).text
    assert "Prefers mornings" in (await download(priya, ref, "txt", f"{MARCH}&notes=true")).text
    nothing = MARCH.replace("2026", "2025")
    assert "Nothing was said on these days." in (await download(priya, ref, "txt", nothing)).text
    assert "Nothing was said on these days." in read(await download(priya, ref, "pdf", nothing))


async def test_a_date_that_is_none_is_told_beside_it_and_kept(world: World, enter: Enter) -> None:
    ref, _ = await person_in_trouble(world)
    priya = await enter()
    wrong = MARCH.replace("since_day=1", "since_day=32").replace("until_month=3", "until_month=x")
    refused = await download(priya, ref, "pdf", wrong)
    assert refused.status_code == 422
    assert "<title>Error: " in refused.text
    assert refused.text.count("The first day must be a real date, such as 27 3 2026") == 2
    assert 'value="32"' in refused.text
    backwards = await download(
        priya, ref, "txt", MARCH.replace("until_day=31", "until_day=1").replace("since_day=1", "since_day=9")
    )
    assert "The last day must be the first day or after it" in backwards.text
    async with world.hub.store.transaction() as session:
        assert (await session.scalars(select(AuditEvent).where(AuditEvent.what == "transcript_downloaded"))).all() == []


async def test_the_page_proposes_everything_and_is_for_those_who_answer(world: World, enter: Enter) -> None:
    ref, _ = await person_in_trouble(world)
    world.clock.push(timedelta(minutes=5))
    page = (await (await enter()).get(f"/people/{ref}/messages/transcript")).text
    assert 'id="since-day" name="since_day" inputmode="numeric" value="2"' in page
    provider = await enter(role=WorkerRole.PROVIDER, name="Pat Low")
    for path in ("transcript", f"transcript.txt?{MARCH}", f"transcript.pdf?{MARCH}"):
        assert (await provider.get(f"/people/{ref}/messages/{path}")).status_code == 403
