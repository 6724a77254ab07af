"""What the API takes and gives, field by field. Must not know the store.

Answers to what was made hold no name or number, since they are kept for repeats: GET alone gives those.
"""

from datetime import UTC, date, datetime
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from hub.states import SafeContactState
from hub.words import AppointmentState, ChannelKind, Role, Side

Utc = Annotated[datetime, AfterValidator(lambda moment: moment.astimezone(UTC))]  # whatever zone it was sent in
Line = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^\x00-\x1f\x7f]*$", max_length=200)]
FilledLine = Annotated[Line, StringConstraints(min_length=1)]
Email = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, pattern=r"^[^@\s]+@[^@\s]+$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[a-z]{2,8})?$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
Clock = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
How = Literal["in_person", "phone", "video"]

WORKER = Field(None, description="A worker of your agency and side.", examples=["priya@example.org"])
PERSON = Field(description="Our reference of the person.", examples=["K7Q2WX9D"])


class Given(BaseModel):
    """What is sent to us. An unknown field is a mistake, so it is refused."""

    model_config = ConfigDict(extra="forbid")


class Check(BaseModel):
    """What a key is good for."""

    agency: str = Field(examples=["Northshire"])
    side: Side
    now: Utc


# --- people ---------------------------------------------------------------------------------------


class NewPerson(Given):
    name: FilledLine = Field(examples=["Sam Carter"])
    preferred_name: Line | None = Field(None, description="How texts address them.", examples=["Sam"])
    role: Role
    mobile: str | None = Field(None, max_length=60, examples=["07700 900123"])
    discreet: bool = Field(False, description="Others may read this phone: the careful wording only.")
    safe_contact: bool | None = Field(
        None,
        description="Of victims: have they said that it is safe to text the number? Left out: they are asked first.",
    )
    safe_from: Clock | None = Field(None, description="The hours in which it is safe; with safe_until, or neither.")
    safe_until: Clock | None = None
    language: Language = Field("en", examples=["en", "cy"])
    worker_email: Email | None = WORKER
    external_ref: FilledLine | None = Field(None, description="Your reference, once only.", examples=["P0001"])


class PersonMade(BaseModel):
    ref: str = PERSON
    role: Role
    language: str


class PersonListed(PersonMade):
    worker_email: str | None
    created_at: Utc


class Contact(BaseModel):
    channel: ChannelKind
    address: str = Field(examples=["+447700900123"])
    preferred: bool
    discreet: bool
    safe_contact: SafeContactState = Field(description="Of victims: is it known whether it is safe to text there?")
    verified: bool = Field(description="The person has written from it.")
    stopped: bool = Field(description="The person has texted STOP: nothing goes there.")


class PersonShown(PersonListed):
    name: str = Field(examples=["Sam Carter"])
    external_ref: str | None
    contacts: list[Contact]


class CheckInRhythm(Given):
    """Every so many weeks from `first_on` on, at `time` on the agency's clock."""

    weeks: Literal[1, 2, 4, 8]
    first_on: date = Field(description="From Monday to Friday; its weekday is that of all others.")
    time: Clock = Field("11:00", description="Within the agency's hours for texts.")
    last_on: date | None = None
    tier: int | None = Field(None, ge=1, le=4, description="What a human has decided. Left out: as it is.")


class CheckInRhythmShown(BaseModel):
    weeks: int
    first_on: date
    time: str = Field(examples=["11:00"])
    last_on: date | None
    paused_until: date | None = Field(description="None is asked before this day.")
    tier: int | None


class SurveyWish(Given):
    survey: Slug = Field(examples=["victim_satisfaction"])


class SurveyAsked(BaseModel):
    survey: str
    state: str = Field(examples=["invited", "completed", "not_invited"])
    why_not: list[str] = Field([], examples=[["safe_contact"]], description="Names of flows/surveys/exclusions.yml.")
    invited_at: datetime | None = None
    open_until: datetime | None = None


# --- cases ----------------------------------------------------------------------------------------


class NewCase(Given):
    reference: FilledLine = Field(examples=["C0001"])
    person_ref: str = PERSON
    kind: Slug = Field(examples=["conditional_caution", "victim_care"])
    opened_at: AwareDatetime
    worker_email: Email | None = WORKER


class CaseShown(BaseModel):
    id: int
    reference: str = Field(examples=["C0001"])
    person_ref: str = PERSON
    kind: str = Field(examples=["conditional_caution"])
    opened_at: Utc
    closed_at: Utc | None
    worker_email: str | None = WORKER


class NewCaseEvent(Given):
    """News that the person of the case is owed (Victims' Code, Right 6)."""

    milestone: Slug = Field(examples=["charged", "hearing", "outcome"])
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = Field(
        "", description="Why, in plain words that the person will read. Needed with every decision."
    )
    happened_at: AwareDatetime
    known_at: AwareDatetime | None = Field(
        None, description="When your agency knew, from which working days are counted. Left out: now."
    )


class CaseEventMade(BaseModel):
    id: int
    milestone: str
    happened_at: Utc


class UpdateShown(BaseModel):
    """A word that is owed, or was, to the person of a case or to whom they named."""

    id: int
    milestone: str | None = Field(description="None: nobody has written it yet.")
    kind: Literal["news", "word", "question"]
    to: Literal["person", "named"]
    due_on: date = Field(description="The last working day on which it is in time.")
    state: Literal["owed", "told", "waived", "withdrawn"]
    told_at: Utc | None
    told_how: str


# --- appointments ---------------------------------------------------------------------------------


class NewAppointment(Given):
    person_ref: str = PERSON
    starts_at: AwareDatetime = Field(examples=["2030-03-05T14:00:00+00:00"])
    minutes: int = Field(30, ge=5, le=600)
    with_whom: FilledLine = Field(description="First name or service, as texts say it.", examples=["Priya"])
    place: Line = Field("", examples=["1 High Street, DE1 1AA"])
    how: How = "in_person"
    directions: Line = Field("", description="Answers “how do I get there?”.")
    bring: Line = Field("", examples=["photo ID"])
    proof_wanted: bool = False
    worker_email: Email | None = WORKER
    case_id: int | None = None
    external_id: FilledLine | None = Field(None, description="Your reference, once only.", examples=["A00001"])
    repeats: FilledLine | None = Field(
        None,
        description="How it repeats, in plain words or as an RRULE; answers with the first one.",
        examples=["every Tuesday", "every 2 weeks until 30/06/2030", "FREQ=WEEKLY;COUNT=6"],
    )

    @model_validator(mode="after")
    def place_to_go(self) -> "NewAppointment":
        if self.how == "in_person" and not self.place:
            raise ValueError("An appointment in person needs a place")
        return self


class AppointmentShown(BaseModel):
    ref: str = Field(examples=["H4T9MZ3B"])
    person_ref: str = PERSON
    external_id: str | None
    starts_at: Utc
    minutes: int
    with_whom: str
    place: str
    how: str
    directions: str
    bring: str
    proof_wanted: bool
    worker_email: str | None
    case_id: int | None
    state: AppointmentState
    state_at: Utc
    series_ref: str | None = Field(None, description="Of the series that it belongs to, if it repeats.")


class AppointmentChange(Given):
    """One change at a time: another time, or a new state."""

    starts_at: AwareDatetime | None = Field(None, description="Moves it; reminders are planned again.")
    state: Literal["cancelled", "attended", "missed", "unknown"] | None = Field(
        None, description="Cancels it, or says how it went."
    )

    @model_validator(mode="after")
    def one_change(self) -> "AppointmentChange":
        if (self.starts_at is None) == (self.state is None):
            raise ValueError("Send either starts_at or state")
        return self


class SeriesShown(BaseModel):
    ref: str = Field(examples=["T6M2XH8K"])
    person_ref: str = PERSON
    external_id: str | None
    rule: str = Field(description="RRULE (RFC 5545), in days.", examples=["FREQ=WEEKLY;INTERVAL=1;BYDAY=TU"])
    repeats: str = Field(description="The same in words.", examples=["every week on Tuesday"])
    left_out: list[date]
    first_on: date
    time: str = Field(description="On the agency's wall, summer and winter.", examples=["14:00"])
    ended_on: date | None


class SeriesChange(Given):
    """Reaches the appointments ahead that nobody has touched: none after a day, or another rhythm or time."""

    last_on: date | None = Field(None, description="Ends it: none after this day.")
    first_on: date | None = Field(None, description="The day that a new rhythm counts from.")
    time: Clock | None = Field(None, description="Another time on the wall.", examples=["14:00"])
    repeats: FilledLine | None = Field(None, description="Another rhythm, in plain words or as an RRULE.")

    @model_validator(mode="after")
    def one_change(self) -> "SeriesChange":
        if (self.last_on is None) == (self.first_on is None and self.time is None and self.repeats is None):
            raise ValueError("Send either last_on, or first_on, time or repeats")
        return self


# --- days of a case -------------------------------------------------------------------------------


class NewCaseDate(Given):
    """A day that lies ahead; the person is reminded. The same kind and day again changes its time and place."""

    kind: Literal["bail_return", "hearing", "service_end", "release"]
    on: date
    time: Clock | None = Field(None, description="On the agency's wall; none for a whole day.", examples=["09:30"])
    place: Line = Field("", examples=["Northshire Court, 2 Mill Lane"])
    called_off: bool = Field(False, description="It does not happen, or not then.")


class CaseDateShown(BaseModel):
    id: int
    kind: str
    on: date
    called_off: bool


class CaseClosing(Given):
    """Why a case is closed. Unless it was a mistake, the person is told: a victim the reason, others without one."""

    why: Literal["completed", "ended", "passed_on", "mistake"]
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = Field(
        "", description="For victims: the reason in plain words that they will read. They are owed it."
    )


class NewCondition(Given):
    """Something that was agreed to be done."""

    words: FilledLine = Field(description="As the person reads it.", examples=["Finish the awareness course"])
    due_on: date | None = None


class ConditionMade(BaseModel):
    id: int
    due_on: date | None
