"""Who stands by a person, by whose yes, and what is said among them. The side is in every key: a row joins no sides."""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.states_of_support import InvitationState
from hub.store.tables.base import Id, Sealed, Table
from hub.store.tables.people import Person
from hub.words import ChannelKind, PostTo, Relation, Sees, Side


class Thread(Table):
    """The circle around one person."""

    __tablename__ = "threads"
    __table_args__ = (
        ForeignKeyConstraint(["person_id", "side"], ["people.id", "people.side"], name="fk_threads_person_id_side"),
        UniqueConstraint("id", "side"),
    )
    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(unique=True)
    side: Mapped[Side]
    created_at: Mapped[datetime]
    paused_at: Mapped[datetime | None]  # a worker has stopped the talk; what is written reaches the worker alone
    paused_by_id: Mapped[int | None] = mapped_column(ForeignKey("workers.id"))
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True, viewonly=True)


class ThreadMember(Table):
    """A supporter in a thread. In force: accepted, not left, not past its end (`hub/threads/standing.py`)."""

    __tablename__ = "thread_members"
    __table_args__ = (
        ForeignKeyConstraint(["thread_id", "side"], ["threads.id", "threads.side"], name="fk_thread_members_thread"),
        ForeignKeyConstraint(["person_id", "side"], ["people.id", "people.side"], name="fk_thread_members_person"),
        Index("ix_thread_members_person_id", "person_id"),
        Index("ix_thread_members_ends_at", "ends_at", postgresql_where=text("left_at IS NULL")),
        Index("ix_thread_members_staff_id", "staff_id", postgresql_where=text("staff_id IS NOT NULL")),
    )
    thread_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # the supporter
    side: Mapped[Side]
    sees: Mapped[Sees] = mapped_column(default=Sees.DATES)
    relation: Mapped[Relation] = mapped_column(default=Relation.FRIEND, server_default="friend")
    invited_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]  # for how long the person wished it; None: until somebody ends it
    left_at: Mapped[datetime | None]
    ended_for: Mapped[str] = mapped_column(default="", server_default="")  # a key of hub/threads/members.py ENDED_FOR
    muted_at: Mapped[datetime | None]  # hears nothing of the talk until they say so
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("workers.id"))  # a mentor who is also a worker
    supporter: Mapped[Person] = relationship(lazy="raise", viewonly=True)


class Invitation(Table):
    """One wish for one supporter, before and until it is accepted. No number of theirs is kept: they write first."""

    __tablename__ = "invitations"
    __table_args__ = (
        ForeignKeyConstraint(["thread_id", "side"], ["threads.id", "threads.side"], name="fk_invitations_thread"),
        Index("uq_invitations_code", "side", "code_index", unique=True, postgresql_where=text("state = 'open'")),
        Index("ix_invitations_thread_id", "thread_id"),
        Index("ix_invitations_expires_at", "expires_at", postgresql_where=text("state IN ('asked', 'open')")),
    )
    id: Mapped[Id]
    thread_id: Mapped[int]
    side: Mapped[Side]
    who_sealed: Mapped[Sealed]  # the name that the person gave, under the person's key
    who_index: Mapped[bytes | None]  # blind index of that name, to compare with the no-contact list
    relation: Mapped[Relation]
    sees: Mapped[Sees]
    months: Mapped[int | None] = mapped_column(SmallInteger)  # for how long, from the yes; None: until somebody ends it
    state: Mapped[InvitationState]
    state_at: Mapped[datetime]
    code_index: Mapped[bytes | None]  # blind index of the code; the code itself is kept nowhere
    expires_at: Mapped[datetime | None]
    worker_id: Mapped[int | None] = mapped_column(ForeignKey("workers.id"))  # who proposed it; None: the person did
    agreed_how: Mapped[str] = mapped_column(default="", server_default="")  # text, page, spoken, letter
    agreed_at: Mapped[datetime | None]  # the person's own yes
    guardian_how: Mapped[str] = mapped_column(default="", server_default="")  # for a person under 18
    guardian_at: Mapped[datetime | None]
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("workers.id"))  # the human who looked
    checks: Mapped[list[str]] = mapped_column(default=list)  # why a human looks: keys of hub/threads/checks.py
    under_18: Mapped[bool] = mapped_column(default=False)  # whom they want is under 18 themselves
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("workers.id"))  # whom they want is also a worker
    supporter_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)  # who accepted it
    made_at: Mapped[datetime]


class SupportConsent(Table):
    """The history of who allowed what. Rows are only added."""

    __tablename__ = "support_consents"
    __table_args__ = (Index("ix_support_consents_thread_id", "thread_id", "at"),)
    id: Mapped[Id]
    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"))
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("invitations.id"))
    supporter_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    what: Mapped[str]  # a key of hub/threads/consents.py WHAT
    sees: Mapped[Sees | None]
    ends_at: Mapped[datetime | None]
    how: Mapped[str] = mapped_column(default="")  # text, page, spoken, letter, code
    by: Mapped[str]  # "person:12", "worker:3", "hub"
    at: Mapped[datetime]


class NoContact(Table):
    """Somebody with whom a person may not be in contact: by condition, order or a worker's word."""

    __tablename__ = "no_contacts"
    __table_args__ = (
        ForeignKeyConstraint(["person_id", "side"], ["people.id", "people.side"], name="fk_no_contacts_person"),
        Index("ix_no_contacts_person_id", "person_id"),
    )
    id: Mapped[Id]
    person_id: Mapped[int]  # whom it binds
    side: Mapped[Side]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    name_sealed: Mapped[Sealed | None]
    name_index: Mapped[bytes | None]
    why: Mapped[str]  # a key of hub/no_contact.py WHY
    added_by_id: Mapped[int] = mapped_column(ForeignKey("workers.id"))
    added_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("workers.id"))


class NoContactAddress(Table):
    """A number of somebody on that list, by the same blind index as a contact point of that side."""

    __tablename__ = "no_contact_addresses"
    __table_args__ = (
        UniqueConstraint("no_contact_id", "channel", "address_index"),
        Index("ix_no_contact_addresses_index", "address_index"),
    )
    id: Mapped[Id]
    no_contact_id: Mapped[int] = mapped_column(ForeignKey("no_contacts.id"))
    channel: Mapped[ChannelKind]
    address_index: Mapped[bytes]
    address_sealed: Mapped[Sealed]  # under the key of the person whom it binds


class ThreadPost(Table):
    """Something said in a thread, as its readers get it: numbers and surnames are out."""

    __tablename__ = "thread_posts"
    __table_args__ = (Index("ix_thread_posts_thread_id", "thread_id", "id"),)
    id: Mapped[Id]
    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)  # the person or a supporter
    worker_id: Mapped[int | None] = mapped_column(ForeignKey("workers.id"))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id", ondelete="SET NULL"))  # as it came in
    sent_to: Mapped[PostTo]
    only_to_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)  # when it is for one member
    keyed_to_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)  # under whose key the words are
    words_sealed: Mapped[Sealed]
    masked: Mapped[int] = mapped_column(SmallInteger, default=0)  # how many numbers and names were taken out
    relayed: Mapped[bool] = mapped_column(default=True)  # False: the thread was paused, only workers have it
    seen_at: Mapped[datetime | None]  # a worker has looked
    at: Mapped[datetime]


class ThreadText(Table):
    """A text that somebody gets for being in a thread: asked again, when it leaves, whether they still are."""

    __tablename__ = "thread_texts"
    __table_args__ = (Index("ix_thread_texts_thread_id", "thread_id", "to_id"),)
    message_id: Mapped[int] = mapped_column(
        ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    needs: Mapped[Sees]  # the least that the member must be allowed for this text
    post_id: Mapped[int | None] = mapped_column(ForeignKey("thread_posts.id"))
