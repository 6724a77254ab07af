"""What people in transcripts hold in their hands. Knows nothing of the hub."""

from io import BytesIO

from PIL import Image


def photo(name: str) -> bytes:
    """A small real JPEG; `fake.jpg` is text that calls itself one."""
    if name.startswith("fake"):
        return b"this is not a photo"
    content = BytesIO()
    Image.new("RGB", (32, 24), "darkgreen").save(content, "JPEG")
    return content.getvalue()
