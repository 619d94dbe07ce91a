"""What the page says, in the language of whoever reads it."""

from . import cardtexts
from .labels import SPANISH
from .texts import LANGUAGES, TEXTS

_chosen = ["en"]


def language() -> str:
    """The language in use: "en" or "es"."""
    return _chosen[0]


def other_language() -> str:
    """The one that the page can be switched to."""
    return LANGUAGES[1 - LANGUAGES.index(language())]


def use(name: str):
    """Speak that language from now on. Raises ValueError for one that is not in the table."""
    LANGUAGES.index(name)
    _chosen[0] = name


def preferred(wishes: list) -> str:
    """The first of a person's languages, such as "es-MX", that the page speaks; English where it speaks none."""
    for wish in wishes:
        name = str(wish or "").lower().split("-")[0]
        if name in LANGUAGES:
            return name
    return "en"


def say(word: str, **values) -> str:
    """The text for a word in the page's language, with its values filled in. Raises KeyError for an unknown word."""
    return TEXTS[word][LANGUAGES.index(language())].format(**values)


def label(name: str) -> str:
    """A model's label as a person writes it: `arctic_fox` becomes "Arctic fox", and `fox` in Spanish "Zorro"."""
    text = SPANISH.get(name.lower(), name) if language() == "es" else name
    text = text.replace("_", " ")
    return text[:1].upper() + text[1:]


def card_text(card: dict, key: str, text: object) -> object:
    """What a model's card says under "title", "set" or "notes", in the page's language; else `text`, the card's own."""
    return cardtexts.SPANISH.get(card["name"], {}).get(key, text) if language() == "es" else text


def number(value: float, decimals: int = 0) -> str:
    """A number, 0 or more, rounded half up, with the decimal point of the language."""
    scaled = int(value * 10**decimals + 0.5)
    if not decimals:
        return str(scaled)
    whole, rest = divmod(scaled, 10**decimals)
    return str(whole) + say("decimal_point") + str(rest).rjust(decimals, "0")


def percent(probability: float) -> str:
    """A probability in words; never a flat 100 % or 0 %, which no network can mean."""
    if probability >= 0.995:
        return say("nearly_all")
    if probability < 0.005:
        return say("nearly_none")
    return say("percent", number=number(100 * probability))


def duration(seconds: float) -> str:
    """A time for people: whole seconds, rounded up, below two minutes, then whole minutes."""
    if seconds < 120:
        return say("seconds", number=max(1, int(seconds + 0.999)))
    return say("minutes", number=int(seconds / 60 + 0.5))
