"""The words of the house: sides, roles, states. Each enum member has one meaning; docs/glossary.md tells it at length.

Knows nothing of the store or of any text that a person reads.
"""

from enum import StrEnum


class Side(StrEnum):
    SUPERVISION = "supervision"  # people on probation, on bail, on a disposal, and their supporters
    VICTIMS = "victims"  # victims, witnesses, bereaved family, and their supporters


class Role(StrEnum):
    SUPERVISED = "supervised"
    VICTIM = "victim"  # witnesses and bereaved family too
    SUPPORTER = "supporter"  # family, friend, mentor


ROLES_OF = {
    Side.SUPERVISION: frozenset({Role.SUPERVISED, Role.SUPPORTER}),
    Side.VICTIMS: frozenset({Role.VICTIM, Role.SUPPORTER}),
}


class WorkerRole(StrEnum):
    WORKER = "worker"
    SUPERVISOR = "supervisor"
    PROVIDER = "provider"
    ANALYST = "analyst"  # aggregates only
    ADMINISTRATOR = "administrator"


class ChannelKind(StrEnum):
    SMS = "sms"
    TELEGRAM = "telegram"
    WEBCHAT = "webchat"
    SIMULATOR = "simulator"  # the demo's phones, `handrail chat`, tests


class Purpose(StrEnum):
    """Why a message is sent. Consent is held per purpose."""

    REPLY = "reply"  # the person wrote first
    REMINDER = "reminder"  # a duty or an appointment
    CHECK_IN = "check_in"
    RETURN = "return"  # are you back? at the time that was agreed, whatever the agency's hours
    SURVEY = "survey"
    UPDATE = "update"  # news of a case
    SAFETY = "safety"  # goes out at any hour
    THREAD = "thread"  # what somebody in a supporters' thread wrote


class Priority(StrEnum):
    """Order of sending; claimed in the order of `RANK`."""

    URGENT = "urgent"
    REPLY = "reply"
    REMINDER = "reminder"
    BULK = "bulk"

    @property
    def rank(self) -> int:
        return list(Priority).index(self)


class Sees(StrEnum):
    """What a supporter may know. Each allows all that stands before it."""

    DATES = "dates"  # that there is something and when; never where, why or with whom
    PROGRESS = "progress"  # and how it went: came, has done something, days in a row
    CHAT = "chat"  # and talk with the person, the other supporters and the worker

    def allows(self, needed: "Sees") -> bool:
        return list(Sees).index(self) >= list(Sees).index(needed)


class Relation(StrEnum):
    """Who a supporter is to the person."""

    FAMILY = "family"
    FRIEND = "friend"
    MENTOR = "mentor"
    GUARDIAN = "guardian"  # looks after somebody who is under 18


class PostTo(StrEnum):
    """For whom something in a thread is."""

    ALL = "all"
    WORKER = "worker"  # “@worker”
    ONE = "one"  # from a worker to one member


class Awaiting(StrEnum):
    """What a conversation can be waiting for: set by the open prompt, given to the assistant."""

    NOTHING = "nothing"
    APPOINTMENT_CONFIRMATION = "appointment_confirmation"
    RESCHEDULE_TIME = "reschedule_time"
    ATTENDANCE_PROOF = "attendance_proof"
    ATTENDANCE_CODE = "attendance_code"
    CHECK_IN_FEELING = "check_in_feeling"
    CHECK_IN_HELP = "check_in_help"
    SURVEY_RATING = "survey_rating"
    SURVEY_CHOICE = "survey_choice"
    SURVEY_YES_NO = "survey_yes_no"
    SURVEY_TEXT = "survey_text"
    SAFE_TO_TALK = "safe_to_talk"
    THREAD_INVITATION = "thread_invitation"
    LANGUAGE = "language"
    IDENTITY_CHECK = "identity_check"
    STOP_SCOPE = "stop_scope"


class AppointmentState(StrEnum):
    PLANNED = "planned"
    CONFIRMED = "confirmed"  # the person said that they will come
    ASKED_TO_MOVE = "asked_to_move"  # still stands until the worker moves it
    CANNOT_ATTEND = "cannot_attend"  # the person said that they cannot come
    CANCELLED = "cancelled"
    ATTENDED = "attended"
    MISSED = "missed"
    UNKNOWN = "unknown"  # nobody has said; an outcome of its own
