"""Every error of the hub, in one place. The docstring is the sentence that people read: it says what to do.

Knows nothing of who raises them.
"""

from collections.abc import Sequence
from datetime import timedelta
from inspect import cleandoc


class HandrailError(Exception):
    """Something went wrong in Handrail. The log has the details under the id shown."""

    def __init__(self, detail: str = "") -> None:
        sentence = " ".join(cleandoc(type(self).__doc__ or "").split())
        super().__init__(f"{sentence} {detail}".strip())
        self.detail = detail

    @property
    def code(self) -> str:
        """The class name in snake case: stable, for APIs and tests."""
        name = type(self).__name__
        return "".join(f"_{c.lower()}" if c.isupper() and i else c.lower() for i, c in enumerate(name))


# --- sending --------------------------------------------------------------------------------------


class ChannelError(HandrailError):
    """The message could not be handed to the provider."""


class TryLater(ChannelError):
    """The provider cannot take the message now. It is tried again by itself."""

    def __init__(self, detail: str = "", *, code: str = "", after: timedelta | None = None) -> None:
        super().__init__(detail)
        self.provider_code = code
        self.after = after


class Refused(ChannelError):
    """The provider will never take this message for this address. Use another way to reach the person."""

    def __init__(self, detail: str = "", *, code: str = "", meaning: str = "refused") -> None:
        super().__init__(detail)
        self.provider_code = code
        self.meaning = meaning


class Uncertain(ChannelError):
    """The connection broke before the provider answered. It is asked whether the message left before any repeat."""


class NoChannel(ChannelError):
    """No channel is set up for this line. Set it up in the settings, then release the message from the outbox."""


# --- understanding --------------------------------------------------------------------------------


class AssistantUnavailable(HandrailError):
    """The assistant is not answering. Numbers and keywords still work; other texts go to a person."""


# --- moves ----------------------------------------------------------------------------------------


class MoveNotAllowed(HandrailError):
    """That change is not possible from the present state. Reload the page to see what has happened since."""


class NotInvited(MoveNotAllowed):
    """This person is not asked to take part. The page of the person says why."""

    def __init__(self, reasons: Sequence[str] = ()) -> None:
        super().__init__(f"({', '.join(reasons)})" if reasons else "")
        self.reasons = tuple(reasons)


class SurveyStopped(NotInvited):
    """This survey is not asked at the moment. A supervisor can publish it on the page of the survey."""


class CannotMerge(MoveNotAllowed):
    """These two records cannot become one."""


class NotFound(HandrailError):
    """There is nothing here with that reference, or it is not yours to see. Check the reference."""


class LinkDoesNotWork(NotFound):
    """This link does not work, or has ended. Text us, or ask your worker for a new one."""


class NotAllowed(HandrailError):
    """Your role does not allow this. Ask your administrator if you think that it should."""


class StandsByThem(NotAllowed):
    """You are this person’s mentor, so their record is closed to you. A colleague of yours works with them here."""


class NotThen(NotAllowed):
    """It cannot go out at that time. Choose another date or time."""


class SidesMeet(HandrailError):
    """A person and a line of different sides cannot be joined. Use a line of the person's own side."""


# --- signing in elsewhere -------------------------------------------------------------------------


class NotConfirmed(HandrailError):
    """Your agency's sign-in service did not confirm who you are. Start again from the sign-in page."""


class ProviderAway(HandrailError):
    """Your agency's sign-in service does not answer. Try again in a minute, or sign in with your password."""


# --- words ----------------------------------------------------------------------------------------


class TextMissing(HandrailError):
    """A text is missing from `flows/`. Run `handrail check` to see which one."""


class FactMissing(HandrailError):
    """A text asks for a fact that was not given. Run `handrail check`, then correct the text or the command."""


class FlowInvalid(HandrailError):
    """A file in `flows/` does not say what it should. Run `handrail check` for the file and the line."""


class BadWording(HandrailError):
    """This wording cannot be used."""


class ReasonMissing(BadWording):
    """Say why, in plain words: with a decision, the person is owed the reason."""


# --- addresses, files, imports --------------------------------------------------------------------


class BadAddress(HandrailError):
    """This cannot be used as an address to send to. Enter a UK mobile number such as 07700 900123."""


class Landline(BadAddress):
    """This is a landline. A text to it could be read out aloud by a machine; enter a mobile number instead."""


class SharedNumber(BadAddress):
    """This number already belongs to another person on this side. Check with both before you use it."""


class TestNumber(BadAddress):
    """This number is kept for films and tests and reaches nobody. Enter the person's own number."""

    __test__ = False  # not a test class, whatever pytest thinks of the name


class BadFile(HandrailError):
    """The file could not be used. Send a photo (JPEG, PNG or WebP), a voice message or a PDF under 10 MB."""


class FileTooLarge(BadFile):
    """The file is too large. Send a photo or PDF under 10 MB."""


class SoundTooLong(BadFile):
    """The voice message is longer than 10 minutes. Send it in shorter parts."""


class HarmfulFile(BadFile):
    """Our virus scanner does not let this file through. Take a new photo with your camera and send that."""


class ScannerAway(HandrailError):
    """The virus scanner does not answer, so the file waits unopened. It is scanned by itself as soon as it answers."""


class NotHeard(HandrailError):
    """The machine that writes down voice messages could not do it. Listen to the message instead."""


class BadImport(HandrailError):
    """The file could not be imported. Nothing was changed; correct the rows listed and import it again."""


class BadHours(HandrailError):
    """These cannot be hours for texts. Give a zone such as Europe/London, and times such as 08:00 and 20:00."""


class BadRepeats(HandrailError):
    """It is not clear when this repeats. Write “every Tuesday”, “every 2 weeks until 30/06/2027” or an RRULE."""


# --- the program ----------------------------------------------------------------------------------


class BadSettings(HandrailError):
    """A setting is missing or wrong. Correct it, then run `handrail doctor`."""


class StoreUnavailable(HandrailError):
    """The database cannot be reached. Nothing was lost; try again in a minute."""


class NotSpooled(StoreUnavailable):
    """The database cannot be reached, and the disk of this machine did not take the text either. Look at both now."""
