"""By SMS, the text that asks for a photo carries a link to send one by; the photo is a message of that phone."""

from io import BytesIO

import pytest
from sqlalchemy import select

from hub import appointments
from hub.states import ProofState
from hub.store.tables import Proof
from hub.words import ChannelKind
from tests.transcripts.props import PDF
from tests.unit.test_proofs import FIRST
from tests.web.conftest import Visitor
from tests.web.respondents import photo
from tests.world import World

pytestmark = pytest.mark.slow


async def ask(world: World, channel: ChannelKind = ChannelKind.SMS, *, discreet: bool = False) -> str:
    """Sam is asked for proof. The text."""
    address = FIRST if channel is ChannelKind.SMS else "900101"
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session, channel=channel, address=address, discreet=discreet)
        await appointments.schedule(
            world.hub, session, "hub", person=person, starts_at=world.clock.now(), with_whom="Priya",
            place="1 High St", proof_wanted=True,
        )  # fmt: skip
    await world.push(minutes=16)
    return world.heard(address)[-1]


async def asked(world: World) -> str:
    """The path of the link in the text."""
    return "/proof/" + (await ask(world)).rpartition("/proof/")[2]


async def proof(world: World) -> Proof:
    async with world.hub.store.transaction() as session:
        return (await session.scalars(select(Proof))).one()


async def test_a_photo_by_the_link_is_answered_by_text(world: World, visitor: Visitor) -> None:
    path = await asked(world)
    page = await visitor.get(path)
    assert page.status_code == 200
    assert "/chat/" not in page.text
    await visitor.http.post(path, data={"nonce": "n"}, files=photo())
    await visitor.post(f"{path}/check")
    await world.settle()
    assert "Thank you for the photo." in world.heard()[-1]
    assert (await proof(world)).state is ProofState.GIVEN
    assert "Delete the photo" in (await visitor.get(f"{path}/sent")).text


async def test_a_document_by_the_link(world: World, visitor: Visitor) -> None:
    path = await asked(world)
    await visitor.http.post(path, data={"nonce": "n"}, files={"photo": ("a.pdf", BytesIO(PDF), "application/pdf")})
    assert "Open the document" in (await visitor.get(f"{path}/check")).text
    await visitor.post(f"{path}/check")
    await world.settle()
    assert "we have your document" in world.heard()[-1]
    assert (await proof(world)).kind == "document"


async def test_the_link_shows_no_word_that_was_written(world: World, visitor: Visitor) -> None:
    token = (await asked(world)).rpartition("/")[2]
    assert (await visitor.get(f"/chat/{token}")).status_code == 404


async def test_no_link_goes_to_a_phone_that_others_may_read(world: World) -> None:
    assert "/proof/" not in await ask(world, discreet=True)


async def test_an_app_takes_photos_itself_and_gets_no_link(world: World) -> None:
    assert "/proof/" not in await ask(world, ChannelKind.TELEGRAM)
