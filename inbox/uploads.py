"""Reading a form with a photo in it, never more than is allowed. Knows nothing of what the photo shows."""

from collections.abc import AsyncGenerator

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from hub.errors import BadFile, FileTooLarge
from hub.ports import Media

MOST = 10 * 1024 * 1024  # bytes of one photo
AROUND = 64 * 1024  # bytes for everything else in the form
DRAINED = 500 * 1024 * 1024  # bytes read and thrown away, so that the browser stays to hear the answer


class _TooLarge(MultiPartException):
    pass


async def read_form(request: Request, *, files: int = 1) -> FormData:
    """The form's fields. Raises `FileTooLarge` or `BadFile`; no more than 10 MB are ever kept of all files together."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await request.form()
    parser = MultiPartParser(request.headers, _limited(request), max_files=files, max_part_size=AROUND)
    try:
        return await parser.parse()
    except _TooLarge as large:
        raise FileTooLarge from large
    except MultiPartException as broken:
        raise BadFile from broken


async def media_of(form: FormData, field: str = "photo") -> tuple[Media, ...]:
    """The photo, when one was chosen. Raises `FileTooLarge`."""
    upload = form.get(field)
    if not isinstance(upload, UploadFile):
        return ()
    content = await upload.read()
    await upload.close()
    if not upload.filename:  # the field is there, and nothing was chosen
        return ()
    if len(content) > MOST:
        raise FileTooLarge
    return (Media(content, upload.content_type or "", upload.filename[:100]),)


async def _limited(request: Request) -> AsyncGenerator[bytes, None]:
    """The body up to the limit. What is over is read to its end before it is refused, without being kept."""
    seen = 0
    async for chunk in request.stream():
        seen += len(chunk)
        if seen <= MOST + AROUND:
            yield chunk
        elif seen > DRAINED:
            break
    if seen > MOST + AROUND:
        raise _TooLarge("over the limit")
