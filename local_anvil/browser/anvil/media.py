"""The part of `anvil.media` that an app here can use: download."""

from browser import document

from ._media import url

__all__ = ["download"]


def download(media):
    """Have the browser save a media object as a file."""
    address = url(media)
    link = document.createElement("a")
    link.setAttribute("href", address.text)
    link.setAttribute("download", media.name or "")
    link.click()
    address.release()
