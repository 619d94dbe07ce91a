"""What Schemathesis cannot know: how a photo looks. It imports this by the name in SCHEMATHESIS_HOOKS."""

import base64

import schemathesis
from hypothesis import strategies
from PIL import Image

from tests.classifier.pictures import BLUE, GREEN, RED, encoded

photos = strategies.sampled_from(
    [encoded(Image.new("RGB", (48, 32), colour), kind) for colour in (RED, GREEN, BLUE) for kind in ("JPEG", "PNG")]
)
OTHERS = ["image/webp", "image/gif", "image/bmp", "image/avif", "application/octet-stream"]
schemathesis.openapi.media_type("image/jpeg", photos, aliases=["image/png", *OTHERS])
schemathesis.openapi.format("photo", photos)
schemathesis.openapi.format("photo in base64", photos.map(lambda photo: base64.b64encode(photo).decode()))
