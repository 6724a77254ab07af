"""The tables, one file a subject. Knows columns and keys; no rule of the domain."""

from hub.store.tables.audit import AuditEvent, AuditSeal, Heartbeat
from hub.store.tables.base import Table
from hub.store.tables.care import (
    Proposal,
    Restorative,
    RestorativeStep,
    RightsOffer,
    RightTold,
    SupportArea,
    SupportRequest,
    SupportService,
    Telling,
    View,
)
from hub.store.tables.cases import (
    Appointment,
    AppointmentSeries,
    Case,
    CaseDate,
    CaseEvent,
    Condition,
    ConditionPhoto,
    Extension,
    MoveRequest,
)
from hub.store.tables.check_ins import CheckInAnswer, CheckInPlan, ReturnCheck, ReturnPlan
from hub.store.tables.desk import Draft, Presence
from hub.store.tables.diary import CalendarFeed, Upload
from hub.store.tables.feedback import ProviderFeedback, SessionFeedback
from hub.store.tables.inbox import Duty, SavedView
from hub.store.tables.links import SettingsLink
from hub.store.tables.marks import PersonMark
from hub.store.tables.messages import (
    Attempt,
    Conversation,
    Correction,
    MediaFile,
    Message,
    Prompt,
    StoredReceipt,
    TurnRecord,
)
from hub.store.tables.nudges import Arm, Assignment, Experiment, Nudge
from hub.store.tables.people import Consent, ContactPoint, Line, Person, TwoPeople
from hub.store.tables.proving import ProviderPhone, Venue
from hub.store.tables.referrals import Referral, ReferralDoor, ReferralDraft, ReferralStep, ReferralTry
from hub.store.tables.safe_checks import ChosenContact, SafeCheck, SafePlan, SafeWish
from hub.store.tables.sending import Hold, LinePace, Mailing
from hub.store.tables.sign_in import ProviderAccount, RecoveryCode, SignInLink
from hub.store.tables.staff import Agency, ApiKey, IdempotentRequest, SignIn, Team, Worker
from hub.store.tables.statements import Statement, StatementAnswer, StatementVersion, VoiceDraft
from hub.store.tables.surveys import EarlierAnswer, SurveySetting
from hub.store.tables.threads import (
    Invitation,
    NoContact,
    NoContactAddress,
    SupportConsent,
    Thread,
    ThreadMember,
    ThreadPost,
    ThreadText,
)
from hub.store.tables.topics import (
    Answer,
    CheckIn,
    Escalation,
    Note,
    Proof,
    SurveyRun,
)
from hub.store.tables.updates import Nomination, Update, UpdatePlan
from hub.store.tables.wording import RuleSetting, TextVersion

__all__ = [
    "Agency",
    "Answer",
    "ApiKey",
    "Appointment",
    "AppointmentSeries",
    "Arm",
    "Assignment",
    "Attempt",
    "AuditEvent",
    "AuditSeal",
    "CalendarFeed",
    "Case",
    "CaseDate",
    "CaseEvent",
    "CheckIn",
    "CheckInAnswer",
    "CheckInPlan",
    "ChosenContact",
    "Condition",
    "ConditionPhoto",
    "Consent",
    "ContactPoint",
    "Conversation",
    "Correction",
    "Draft",
    "Duty",
    "EarlierAnswer",
    "Escalation",
    "Experiment",
    "Extension",
    "Heartbeat",
    "Hold",
    "IdempotentRequest",
    "Invitation",
    "Line",
    "LinePace",
    "Mailing",
    "MediaFile",
    "Message",
    "MoveRequest",
    "NoContact",
    "NoContactAddress",
    "Nomination",
    "Note",
    "Nudge",
    "Person",
    "PersonMark",
    "Presence",
    "Prompt",
    "Proof",
    "Proposal",
    "ProviderAccount",
    "ProviderFeedback",
    "ProviderPhone",
    "RecoveryCode",
    "Referral",
    "ReferralDoor",
    "ReferralDraft",
    "ReferralStep",
    "ReferralTry",
    "Restorative",
    "RestorativeStep",
    "ReturnCheck",
    "ReturnPlan",
    "RightTold",
    "RightsOffer",
    "RuleSetting",
    "SafeCheck",
    "SafePlan",
    "SafeWish",
    "SavedView",
    "SessionFeedback",
    "SettingsLink",
    "SignIn",
    "SignInLink",
    "Statement",
    "StatementAnswer",
    "StatementVersion",
    "StoredReceipt",
    "SupportArea",
    "SupportConsent",
    "SupportRequest",
    "SupportService",
    "SurveyRun",
    "SurveySetting",
    "Table",
    "Team",
    "Telling",
    "TextVersion",
    "Thread",
    "ThreadMember",
    "ThreadPost",
    "ThreadText",
    "TurnRecord",
    "TwoPeople",
    "Update",
    "UpdatePlan",
    "Upload",
    "Venue",
    "View",
    "VoiceDraft",
    "Worker",
]
