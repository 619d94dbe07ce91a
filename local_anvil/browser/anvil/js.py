"""The part of `anvil.js` that an app here can use: window, get_dom_node, to_media."""

from browser import window

from ._component import Component
from ._media import BlobMedia, FileMedia

__all__ = ["get_dom_node", "to_media", "window"]


def get_dom_node(component):
    """The DOM node of a component, or the node itself."""
    return component._node if isinstance(component, Component) else component


def to_media(blob, name=None, content_type=None):
    """A JavaScript File, as a drop or a paste hands it over, or a Blob, as media."""
    # A plain look at what it has: Brython, once it has touched a JavaScript prototype, mixes up the methods of objects.
    # Of a file on the disk its name is known; for its size or its date the browser looks there, and all else waits.
    if hasattr(blob, "name"):
        return FileMedia(blob)
    if hasattr(blob, "arrayBuffer"):
        return BlobMedia(content_type or blob.type, blob, name)
    raise TypeError("anvil.js.to_media takes a File or a Blob here")
