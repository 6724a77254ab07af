"""What is kept and how long: the facts as they are, not as one would wish them."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from hub import sign_in, sign_in_links
from hub.referrals import course
from inbox.login import Manager
from inbox.web import WebDep

router = APIRouter(include_in_schema=False, prefix="/settings/retention")

DAY = int(sign_in.LONGEST.total_seconds() // 3600)
IDLE = int(sign_in.IDLE.total_seconds() // 60)

# Each line is true of the code; what deletes by itself says so, and everything else says that nothing does.
FACTS = (
    (
        "Names, numbers, texts, photos",
        "Until the person’s key is destroyed. Nothing is deleted by itself, and no page deletes.",
        "Each person has a key of their own. Without it nothing of theirs can be read again, also in old backups.",
    ),
    (
        "Appointments, check-ins, proofs, surveys",
        "As long as the person is kept.",
        "What a person wrote is locked with their key. Dates and outcomes are not locked.",
    ),
    (
        "Who stands by whom, and what they say to each other",
        "As long as the person is kept whose words they are.",
        "Each one’s words are locked with their own key. Who allowed what, and when it ended, is not locked.",
    ),
    (
        "Codes of invitations",
        "Never: only a fingerprint of the code is kept.",
        "It counts until the code is used, taken back or too old. No number of whoever is invited is kept before.",
    ),
    (
        "The no-contact list",
        "As long as the person is kept whom it binds, also when an entry holds no longer.",
        "Names and numbers are locked with that person’s key. Workers see them; the person does not on their own page.",
    ),
    (
        "Referrals that came to nothing",
        f"{course.EMPTIED_AFTER.days} days after their end. Then names, numbers and words are removed by themselves.",
        "The keys are destroyed. States and days are kept, to be counted. Accepted ones are kept with the person.",
    ),
    (
        "Who saw and did what",
        "For good.",
        "The record holds references and never names or words. It is sealed, so that a change shows.",
    ),
    (
        "Signed-in browsers",
        f"They end after {IDLE} minutes without a click, and after {DAY} hours always.",
        "We keep when it began, when it was last used, and the kind of browser, until the next sign-in after that.",
    ),
    (
        "Sign-in links",
        f"{sign_in_links.GOOD_FOR.days} days, or until used.",
        "We keep a hash of the link, never the link.",
    ),
    (
        "Texts that wait on disk",
        "Only while the database cannot be reached.",
        "Sealed with a key of their own; each is removed when the database has it.",
    ),
)


@router.get("")
async def show(request: Request, web: WebDep, me: Manager) -> HTMLResponse:
    return web.page(request, "settings/retention.html", signed_in=me, facts=FACTS)
