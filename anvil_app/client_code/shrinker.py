"""Photos are made smaller in the browser before they travel: a network looks at far fewer pixels than a phone takes."""

import anvil.js

# The longer side of what travels, in pixels. A smaller file than this many bytes goes as it is: it has no more pixels
# or travels as fast.
SIDE = 1600
BYTES = 100_000
QUALITY = 0.92


class Shrinker:
    """Makes the smaller copy of one photo after another, upright, in an Image component that nobody sees.

    It does not wait: `done` is called when the photo of a request can travel, smaller or, where the browser cannot
    read it, as it is.
    """

    def __init__(self, image, done):
        self.image = image
        self.done = done
        self.request = None
        self.picture = anvil.js.get_dom_node(image).querySelector("img")
        self.picture.addEventListener("load", self.on_load)
        self.picture.addEventListener("error", self.on_error)

    def wants(self, request) -> bool:
        return not request.fitted and request.size > BYTES

    def start(self, request):
        if request is not self.request:
            self.request = request
            self.image.source = request.photo

    def on_load(self, event):
        request = self.request
        if not request:
            return
        width = self.picture.naturalWidth
        height = self.picture.naturalHeight
        if max(width, height) <= SIDE:
            self.finish()
            return
        scale = SIDE / max(width, height)
        width = max(1, round(width * scale))
        height = max(1, round(height * scale))
        canvas = anvil.js.window.document.createElement("canvas")
        # Attributes: in one of the clients that this runs on, `canvas.width` is not that of the picture.
        canvas.setAttribute("width", str(width))
        canvas.setAttribute("height", str(height))
        context = canvas.getContext("2d")
        # What is transparent becomes white, as it does for the worker.
        context.fillStyle = "white"
        context.fillRect(0, 0, width, height)
        context.imageSmoothingQuality = "high"
        context.drawImage(self.picture, 0, 0, width, height)
        canvas.toBlob(lambda blob: self.on_blob(request, blob), "image/jpeg", QUALITY)

    def on_blob(self, request, blob):
        if request is not self.request:  # another photo has taken its place meanwhile
            return
        if blob and blob.size < request.size:
            request.photo = anvil.js.to_media(blob, name=request.name, content_type="image/jpeg")
            request.size = blob.size
        self.finish()

    def on_error(self, event):
        self.finish()

    def finish(self):
        if self.request:
            self.request.fitted = True
            self.request = None
            self.done()
