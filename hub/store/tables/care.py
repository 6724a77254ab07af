"""What victims are told, offered and asked: rights, support services, restorative justice, views on a proposal.

Restorative justice has a row on each side by itself: no key leads from one side to the other.
"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.states_of_care import OfferState, ProposalState, RestorativeState, SupportState, TellingState
from hub.store.tables.base import Id, Sealed, Table
from hub.store.tables.cases import Case
from hub.store.tables.people import Person
from hub.words import Side


class Telling(Table):
    """Something that is to be said when it is a good time: a topic of `hub/tellings.py` and a number of that topic."""

    __tablename__ = "tellings"
    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    topic: Mapped[str]
    number: Mapped[int]
    state: Mapped[TellingState]
    due_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]


class RightTold(Table):
    """That somebody was told of a right, when and how: the Victims' Code asks agencies to be able to show it."""

    __tablename__ = "rights_told"
    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    item: Mapped[str]  # "1" to "12", or a word of flows/rights/moments.yml
    how: Mapped[str]  # text, or worker: told by a human
    told_at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("workers.id"))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id", ondelete="SET NULL"))


class RightsOffer(Table):
    """After news: that there is something to ask for now. One for each piece of news, offered or left out."""

    __tablename__ = "rights_offers"
    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("case_events.id"), unique=True)
    items: Mapped[list[str]]
    state: Mapped[OfferState]
    state_at: Mapped[datetime]


class SupportService(Table):
    """A service that an agency knows. National ones are in flows/services/national.yml."""

    __tablename__ = "support_services"
    __table_args__ = (UniqueConstraint("agency_id", "side", "name"),)
    id: Mapped[Id]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    side: Mapped[Side]
    name: Mapped[str]
    needs: Mapped[list[str]]  # of flows/services/needs.yml
    areas: Mapped[list[str]] = mapped_column(default=list)  # postcode districts; none: everywhere we work
    phone: Mapped[str] = mapped_column(default="")
    text_number: Mapped[str] = mapped_column(default="")
    web: Mapped[str] = mapped_column(default="")
    hours: Mapped[str] = mapped_column(default="")
    languages: Mapped[list[str]] = mapped_column(default=list)  # beside English
    who_for: Mapped[str] = mapped_column(default="")
    changed_at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("workers.id"))
    ended_at: Mapped[datetime | None]


class SupportRequest(Table):
    """What kind of help somebody asked for, what they were given, whether a service may call them."""

    __tablename__ = "support_requests"
    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    need: Mapped[str] = mapped_column(default="")
    services: Mapped[list[str]] = mapped_column(default=list)  # which they were told of: a number, or national:<name>
    state: Mapped[SupportState]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("workers.id"))  # None: asked for by the person
    listed_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]  # when they agreed to a call, or said no
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("workers.id"))
    passed_to: Mapped[str] = mapped_column(default="")  # which of the services


class SupportArea(Table):
    """The first half of somebody's postcode, for finding help near them."""

    __tablename__ = "support_areas"
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    area_sealed: Mapped[Sealed]
    set_at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("workers.id"))  # None: the person said it


class Restorative(Table):
    """Where somebody stands with restorative justice. What is known of the other side are a coordinator's own words."""

    __tablename__ = "restorative"
    __table_args__ = (Index("ix_restorative_side", "side", "state"),)
    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    side: Mapped[Side]
    state: Mapped[RestorativeState]
    state_at: Mapped[datetime]
    made_at: Mapped[datetime]
    coordinator_id: Mapped[int | None] = mapped_column(ForeignKey("workers.id"))
    agreed_sealed: Mapped[Sealed | None]  # what was agreed, as the person is reminded of it
    meeting_at: Mapped[datetime | None]
    other_side: Mapped[str] = mapped_column(default="unknown")  # a key of hub/restorative.py OTHER_SIDE
    other_sealed: Mapped[Sealed | None]  # the coordinator's own words about it
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class RestorativeStep(Table):
    """One move, with who made it and the coordinator's note."""

    __tablename__ = "restorative_steps"
    id: Mapped[Id]
    restorative_id: Mapped[int] = mapped_column(ForeignKey("restorative.id"), index=True)
    state: Mapped[RestorativeState]
    at: Mapped[datetime]
    by: Mapped[str]  # person:1, worker:1
    note_sealed: Mapped[Sealed | None]


class Proposal(Table):
    """How a case may be dealt with outside court, and until when the person is asked what they think of it."""

    __tablename__ = "proposals"
    __table_args__ = (Index("ix_proposals_look_at", "look_at", postgresql_where=text("look_at IS NOT NULL")),)
    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    words_sealed: Mapped[Sealed]
    reason_sealed: Mapped[Sealed | None]
    answer_by: Mapped[date]
    state: Mapped[ProposalState]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("workers.id"))
    told_at: Mapped[datetime | None]
    look_at: Mapped[datetime | None]  # when silence is told to a worker
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("workers.id"))
    decision: Mapped[str] = mapped_column(default="")  # a key of hub/proposals.py DECISIONS
    decision_reason_sealed: Mapped[Sealed | None]
    event_id: Mapped[int | None] = mapped_column(ForeignKey("case_events.id"))  # the news by which they are told
    case: Mapped[Case] = relationship(lazy="joined", innerjoin=True)


class View(Table):
    """What the person thinks of a proposal. The newest counts; the ones before are kept."""

    __tablename__ = "views"
    id: Mapped[Id]
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"), index=True)
    answer: Mapped[str]  # a key of hub/proposals.py ANSWERS
    words_sealed: Mapped[Sealed | None]
    how: Mapped[str]  # text, page, worker
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("workers.id"))  # who wrote down what was said
