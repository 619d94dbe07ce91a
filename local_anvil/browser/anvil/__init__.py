"""The part of Anvil's client library that the forms of this app use, in Python for Brython."""

from ._components import Button, DropDown, FileLoader, Image, Label, Timer
from ._containers import HtmlTemplate, RepeatingPanel, open_form
from ._media import BlobMedia, FileMedia, Media

__all__ = [
    "BlobMedia",
    "Button",
    "DropDown",
    "FileLoader",
    "FileMedia",
    "HtmlTemplate",
    "Image",
    "Label",
    "Media",
    "RepeatingPanel",
    "Timer",
    "open_form",
]
