"""What a worker finds on its machine, in sentences for its owner: shelves, trunk, HEIC, room on the disk, teaching.

Each function returns one, or raises TroubleError.
"""

import io
import shutil
import sys
from importlib.util import find_spec

from PIL import Image

from classifier.card import Card
from classifier.errors import ClassifierError
from classifier.new_model import check_writable
from classifier.photo import decode
from classifier.settings import Settings as ClassifierSettings
from classifier.shelf import SHIPPED
from classifier.trunk import shared_trunk
from teach.bank import read_bank
from worker.diagnosis import TroubleError
from worker.passphrase import OPEN
from worker.settings import Settings

# A model taught with 20,000 photos, the most that a call takes, has 52 MB of features; two are there while it is
# replaced.
_ROOM_MB = 110


def shelves(settings: ClassifierSettings, cards: list[Card]) -> str:
    """Both shelves, and how many of the loaded models are from each."""
    own = settings.models_dir
    shipped = sum(card.folder.parent == SHIPPED for card in cards)
    try:
        next(own.iterdir(), None)
    except FileNotFoundError:
        ours = f"none are your own, as there is no {own} yet"
    except OSError as error:
        raise TroubleError(
            f"Models of your own cannot be read from {own} ({error.strerror}).",
            "Let the user of this worker read the folder, or name another one in CLASSIFIER_MODELS_DIR.",
        ) from error
    else:
        ours = f"{len(cards) - shipped} are your own, in {own}"
    return f"{shipped} models come with the project; {ours}"


def trunk(settings: ClassifierSettings, cards: list[Card]) -> str:
    """The network that taught models share, and its bank."""
    try:
        found = shared_trunk(settings.threads).card
        others = len(read_bank(found.sha256))
    except ClassifierError as error:
        raise TroubleError(
            str(error), "It comes with the project: install the project again, or restore the file."
        ) from error
    heads = sum(card.trunk is not None for card in cards)
    return f"{found.sha256[:8]}, shared by {heads} of these models; its bank has {others:,} other things"


def heic(settings: ClassifierSettings) -> str:
    """Whether HEIC photos are answered, tried with a drawn one."""
    if sys.platform == "win32":
        return "HEIC photos are refused on Windows: save them as JPEG"
    if not find_spec("pillow_heif"):
        return "HEIC photos are refused; pip install 'uplink-image-classifier[heic]' makes them readable"
    try:
        import pillow_heif  # an extra

        file = io.BytesIO()
        pillow_heif.from_pillow(Image.new("RGB", (64, 64), "sandybrown")).save(file)
        decode(file.getvalue(), settings.photo_limits)
    except Exception as error:
        raise TroubleError(
            f"A drawn HEIC could not be read: {error}",
            "Install it again: pip install --force-reinstall pillow-heif.",
        ) from error
    return "HEIC photos are answered"


def disk(settings: Settings) -> str:
    """How much room is left where models are kept."""
    place = settings.classifier.models_dir.absolute()
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    if settings.teach_passphrase and free < _ROOM_MB * 1e6:
        raise TroubleError(
            f"{place} has room for {free / 1e6:.0f} MB; a taught model may take {_ROOM_MB}.",
            "Free some space, or name another folder in CLASSIFIER_MODELS_DIR.",
        )
    return f"{free / 1e9:.1f} GB are free in {place}"


def teach(settings: Settings) -> str:
    """How it stands with teaching from the page; off is well, too."""
    if not settings.teach_passphrase:
        return "off: the page cannot teach models; set TEACH_PASSPHRASE to turn it on"
    missing = [name for name in ("scipy", "threadpoolctl") if not find_spec(name)]
    if missing:
        raise TroubleError(
            f"TEACH_PASSPHRASE is set, but {' and '.join(missing)} cannot be found.",
            "Install what teaching needs: pip install 'uplink-image-classifier[teach]'.",
        )
    try:
        check_writable(settings.classifier.models_dir)
    except ClassifierError as error:
        raise TroubleError(str(error), "Make the folder writable for the user of this worker.") from error
    asks = "asks for no passphrase" if settings.teach_passphrase == OPEN else "asks for the passphrase"
    return f"on: the page can teach models, and {asks}"
