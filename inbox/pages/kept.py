"""After the session had ended under a worker's hands: what they had typed, to send now or to leave."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from inbox import kept_words
from inbox.login import Staff
from inbox.web import WebDep

router = APIRouter(include_in_schema=False)

WORDS = ("body", "note", "comment", "text")  # of the fields, those that a worker writes


@router.get(kept_words.PAGE)
async def show(request: Request, web: WebDep, me: Staff) -> Response:
    """Shown once: the cookie goes with it. Whose words they are was sealed with them."""
    kept = kept_words.unseal(web.hub, request.cookies.get(kept_words.COOKIE, ""), me.worker.id)
    answer: Response = RedirectResponse("/", 303)
    if kept:
        written = {name: value for name, value in kept.fields.items() if name in WORDS}
        others = {name: value for name, value in kept.fields.items() if name not in WORDS}
        back = "/".join(kept.path.split("/")[:3]) + "/messages"
        answer = web.page(
            request, "kept.html", signed_in=me, path=kept.path, written=written, others=others, back_to=back
        )
    answer.delete_cookie(kept_words.COOKIE)
    return answer
