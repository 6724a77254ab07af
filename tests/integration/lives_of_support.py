"""What stands in the tables about those who stand by somebody: wishes, yeses, what is said, and who may not."""

from sqlalchemy import Select, select

from hub.states import Direction
from hub.states_of_support import InvitationState
from hub.store.tables import (
    Invitation,
    Message,
    NoContact,
    NoContactAddress,
    Person,
    SupportConsent,
    Thread,
    ThreadMember,
    ThreadPost,
    ThreadText,
)
from hub.words import ChannelKind, PostTo, Relation, Sees
from tests.integration.life import Life


async def circle(life: Life, mum: Person) -> None:
    """Mum stands by them, and they were asked to stand by mum: the two ways in which somebody is in a thread."""
    now, person = life.world.clock.now(), life.person
    thread, of_mum = (Thread(person_id=each.id, side=each.side, created_at=now) for each in (person, mum))
    await life.add(thread, of_mum)
    member = {"side": person.side, "invited_at": now}
    await life.add(
        ThreadMember(thread_id=thread.id, person_id=mum.id, sees=Sees.CHAT, accepted_at=now, **member),
        ThreadMember(thread_id=of_mum.id, person_id=person.id, **member),
    )
    of_mums = life.world.hub.vault.open_person_key(mum.wrapped_key or b"")
    await _wished(life, thread, mum, life.seal("name"))
    await _wished(life, of_mum, person, of_mums.seal("Sam", "name"))
    await _bars(life)
    await _talks(life, thread, mum)


async def _wished(life: Life, thread: Thread, supporter: Person, who: bytes) -> None:
    now = life.world.clock.now()
    wish = Invitation(
        thread_id=thread.id, side=thread.side, who_sealed=who, relation=Relation.FAMILY, sees=Sees.CHAT,
        state=InvitationState.ACCEPTED, state_at=now, supporter_id=supporter.id, made_at=now,
    )  # fmt: skip
    await life.add(wish)
    await life.add(
        SupportConsent(
            thread_id=thread.id, invitation_id=wish.id, supporter_id=supporter.id, what="accepted",
            by=f"person:{supporter.id}", at=now,
        )
    )  # fmt: skip


async def _bars(life: Life) -> None:
    worker = life.world.workers[life.person.side]
    entry = NoContact(
        person_id=life.person.id, side=life.person.side, name_sealed=life.seal("name"), why="order",
        added_by_id=worker, added_at=life.world.clock.now(),
    )  # fmt: skip
    await life.add(entry)
    await life.add(
        NoContactAddress(
            no_contact_id=entry.id, channel=ChannelKind.SMS, address_index=f"barred by {life.mark}".encode(),
            address_sealed=life.seal("address"),
        )
    )  # fmt: skip


async def _talks(life: Life, thread: Thread, mum: Person) -> None:
    """They say something to all, and a worker something to them alone. What mum says is under her key."""
    now, person = life.world.clock.now(), life.person
    came = (await life.session.scalars(_of(life, Direction.IN))).one()
    went = (await life.session.scalars(_of(life, Direction.OUT))).one()
    said = {"thread_id": thread.id, "at": now}
    key = life.world.hub.vault.open_person_key(mum.wrapped_key or b"")
    posts = (
        ThreadPost(
            author_id=person.id, message_id=came.id, sent_to=PostTo.ALL, keyed_to_id=person.id,
            words_sealed=life.seal("post"), **said,
        ),
        ThreadPost(
            worker_id=life.world.workers[person.side], sent_to=PostTo.ONE, only_to_id=person.id, keyed_to_id=person.id,
            words_sealed=life.seal("post"), **said,
        ),
        ThreadPost(
            author_id=mum.id, sent_to=PostTo.ALL, keyed_to_id=mum.id, words_sealed=key.seal("from mum", "post"), **said
        ),
    )  # fmt: skip
    await life.add(*posts)
    text = ThreadText(message_id=went.id, thread_id=thread.id, to_id=person.id, needs=Sees.CHAT, post_id=posts[-1].id)
    await life.add(text)


def _of(life: Life, direction: Direction) -> Select[Message]:
    return select(Message).where(Message.conversation_id == life.talk.id, Message.direction == direction)
