"""Media: a file that somebody chose, bytes made here, or one that a call returned."""

from browser import window


class Media:
    """Something with a name, a content_type and a length in bytes."""

    def __init__(self, name, content_type):
        self.name = name
        self.content_type = content_type


class HeldMedia(Media):
    """Media that the browser holds, as a JavaScript Blob."""

    def __init__(self, blob, name, content_type):
        super().__init__(name, content_type)
        self._blob = blob

    @property
    def length(self):
        # The browser looks at the disk each time that it is asked for it.
        return self._blob.size


class FileMedia(HeldMedia):
    """A file of this machine, handed over by the person at the page."""

    def __init__(self, file):
        super().__init__(file, file.name, file.type)


class BlobMedia(HeldMedia):
    """Bytes made here: `BlobMedia(content_type, content, name=...)`, the content as bytes."""

    def __init__(self, content_type, content, name=None):
        if isinstance(content, bytes):
            content = window.Blob.new([window.Uint8Array.new(list(content))])
        super().__init__(content, name, content_type)


class ReturnedMedia(Media):
    """What a call returned; the host keeps it for a while under an address of its own."""

    def __init__(self, address, name, content_type, length):
        super().__init__(name, content_type)
        self.length = length
        self._address = address

    def get_bytes(self):
        """The bytes, out of the data URL in which they came."""
        return window.atob(self._address.split(",")[1]).encode("latin-1")


class _Url:
    """An address for an <img>. `release` gives back what it holds."""

    def __init__(self, text, held):
        self.text = text
        self._held = held

    def release(self):
        if self._held:
            window.URL.revokeObjectURL(self.text)


def url(source):
    """An address to show a media object, or a plain address, with."""
    if isinstance(source, HeldMedia):
        return _Url(window.URL.createObjectURL(source._blob), True)
    if isinstance(source, ReturnedMedia):
        return _Url(source._address, False)
    if isinstance(source, str):
        return _Url(source, False)
    raise TypeError("The 'source' property can only be set to a Media object or a URL")
