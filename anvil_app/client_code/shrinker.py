"""Photos are made smaller in the browser before they travel: a network looks at far fewer pixels than a phone takes."""

import anvil.js

from .pixels import copy
from .promises import settle

# Photos decoded at a time, and copies that are ready before it is their turn.
AT_ONCE = 2
AHEAD = 12


class Shrinker:
    """Makes smaller copies of photos, upright. It does not wait: `done` is called with each photo that is ready to
    travel, smaller or, where the browser cannot read it, as it is.
    """

    def __init__(self, done):
        self.done = done
        self.at_work = []

    def work(self, requests, side):
        """Go on with the first of these that are not ready, for a longer side of so many pixels."""
        for request in requests[:AHEAD]:
            if not request.fitted and request not in self.at_work and len(self.at_work) < AT_ONCE:
                self.start(request, side)

    def start(self, request, side):
        self.at_work.append(request)
        # By a timer of its own, so that where the client waits for a promise nothing else has to.
        anvil.js.window.setTimeout(lambda: self.decode(request, side), 0)

    def decode(self, request, side):
        settle(
            lambda: anvil.js.window.createImageBitmap(request.file),
            lambda bitmap: self.draw(request, bitmap, side),
            lambda error: self.finish(request),
        )

    def draw(self, request, bitmap, side):
        width = bitmap.width
        height = bitmap.height
        if max(width, height) > side:
            copy(bitmap, width, height, side, lambda blob: self.take(request, blob))
        else:
            self.finish(request)
        bitmap.close()

    def take(self, request, blob):
        if blob and blob.size < request.size:
            request.photo = anvil.js.to_media(blob, name=request.name, content_type="image/jpeg")
            request.size = blob.size
        self.finish(request)

    def finish(self, request):
        request.fitted = True
        self.at_work.remove(request)
        self.done(request)
