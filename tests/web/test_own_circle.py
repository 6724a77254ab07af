"""What people see of who stands by them: each their own, nothing of the others', nothing of who may not come near."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from hub import no_contact
from hub.states_of_support import InvitationState
from hub.store.tables import Invitation, Person, ThreadPost
from hub.threads import members
from hub.threads.standing import thread_for
from hub.words import PostTo, Relation, Role, Sees, Side
from tests.web.conftest import Visitor
from tests.web.test_own_settings import path_in
from tests.world import World

pytestmark = pytest.mark.slow

SAM, RITA = "+447700900101", "+447700900103"


async def sam_and_rita(world: World) -> None:
    """Rita stands by Sam until June; Owen has been invited; Darren is on the no-contact list. Both have written."""
    now = world.clock.now()
    async with world.hub.store.transaction() as session:
        sam, _ = await world.person(session, address=SAM)
        rita, _ = await world.person(session, role=Role.SUPPORTER, name="Rita Brown", address=RITA)
        thread = await thread_for(session, sam, now)
        ends_at = now + timedelta(days=100)
        await members.join(world.hub, session, thread, rita, sees=Sees.CHAT, relation=Relation.FAMILY, ends_at=ends_at)
        await no_contact.add(
            world.hub, session, world.workers[Side.SUPERVISION], sam, name="Darren Pike", numbers=["+447700900666"],
            why="safety",
        )  # fmt: skip
        key = world.hub.vault.open_person_key(sam.wrapped_key or b"")
        session.add(
            Invitation(
                thread_id=thread.id, side=sam.side, who_sealed=key.seal("Owen", "name"), relation=Relation.MENTOR,
                sees=Sees.DATES, state=InvitationState.OPEN, state_at=now, made_at=now, code_index=b"1",
            )
        )  # fmt: skip
        for author, words in ((sam, "I was early"), (rita, "well done you")):
            key = world.hub.vault.open_person_key(author.wrapped_key or b"")
            sealed = key.seal(words, "post")
            said = {"thread_id": thread.id, "sent_to": PostTo.ALL, "at": now}
            session.add(ThreadPost(author_id=author.id, keyed_to_id=author.id, words_sealed=sealed, **said))


async def data_of(world: World, visitor: Visitor, number: str) -> str:
    await world.text("settings", number)
    link = path_in(world.heard(number)[-1])
    await visitor.post(f"{link}/data/send")
    await world.settle()
    code = re.search(r"\b\d{5}\b", world.heard(number)[-1])
    assert code
    page = await visitor.post(f"{link}/data", code=code[0])
    assert page.status_code == 200
    return page.text


async def test_the_person_sees_who_stands_by_them_and_how_much_they_wrote(world: World, visitor: Visitor) -> None:
    await sam_and_rita(world)
    page = await data_of(world, visitor, SAM)
    assert "Rita sees that too, and can talk with you" in page
    assert "Texts you wrote to the people who stand by each other: 1" in page
    assert "well done you" not in page, "what Rita wrote is Rita's"
    assert "Brown" not in page


async def test_the_no_contact_list_is_on_nobodys_page_not_even_that_there_is_one(
    world: World, visitor: Visitor
) -> None:
    await sam_and_rita(world)
    for number in (SAM, RITA):
        page = await data_of(world, visitor, number)
        assert "Darren" not in page
        assert "Pike" not in page
        assert "contact list" not in page.lower()


async def test_a_supporter_sees_what_they_may_see_and_their_own_words_only(world: World, visitor: Visitor) -> None:
    await sam_and_rita(world)
    page = await data_of(world, visitor, RITA)
    assert "Whom you stand by" in page
    assert "Texts you wrote to the people who stand by each other: 1" in page
    assert "Carter" not in page
    assert "I was early" not in page
    assert "Owen" not in page, "whom else Sam has invited is for Sam"


async def test_whoever_has_been_erased_stands_by_nobody(world: World, visitor: Visitor) -> None:
    """Nobody is told why: the line is simply gone."""
    await sam_and_rita(world)
    async with world.hub.store.transaction() as session:
        rita = (await session.scalars(select(Person).where(Person.role == Role.SUPPORTER))).one()
        rita.wrapped_key, rita.erased_at, rita.name_sealed = None, world.clock.now(), None
    page = await data_of(world, visitor, SAM)
    assert "Rita" not in page
    assert "Who stands by you" not in page
