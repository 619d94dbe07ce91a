import anvil.js
from anvil import *

from .. import troubles
from ..burst import Burst
from ..language import fill
from ..Thumb import Thumb
from ..words import say
from ._anvil_designer import ThingTemplate


class Thing(ThingTemplate):
    """One thing to tell apart, with its photos; `self.item` is the lesson's Thing.

    Raises x-call with the text when its name is typed, x-drop to be rid of it, x-remove with a photo, x-film when the
    camera is wanted, and x-shot with a photo that it took, as media and as the browser's own Blob.
    """

    def __init__(self, side, **properties):
        self.init_components(**properties)
        self.node = anvil.js.get_dom_node(self).querySelector(".thing")
        self.name = self.node.querySelector(".thing-name")
        self.count = self.node.querySelector(".thing-count")
        self.remove_button = self.node.querySelector(".thing-remove")
        self.grid = self.node.querySelector(".thumbs")
        self.name.value = self.item.label
        self.name.addEventListener("input", self.on_name)
        self.remove_button.addEventListener("click", self.on_remove)
        self.film.add_event_handler("click", self.film_click)
        self.turn.add_event_handler("click", self.turn_click)
        hold = anvil.js.get_dom_node(self.hold).querySelector("button")
        self.burst = Burst(self.node.querySelector("video"), hold, side, self.on_shot, self.on_film, self.on_film_end)
        self.thumbs = {}
        self.fill_words()

    def fill_words(self):
        fill(self.node)
        self.choose.text = say("choose")
        self.hold.text = say("camera_hold")
        self.turn.text = say("camera_turn")
        self.film.text = say("camera_stop") if self.burst.camera.wanted else say("camera_use")
        self.name.setAttribute("placeholder", say("thing_placeholder"))
        self.name.setAttribute("aria-label", say("thing_name"))
        for thumb in self.thumbs.values():
            thumb.show()
        self.show()

    def show(self):
        """Bring all up to the thing. Thumbs that are missing are made by `fill`."""
        for photo in set(self.thumbs) - set(self.item.photos):
            self.thumbs.pop(photo).remove_from_parent()
        count = self.item.count() - self.item.earlier
        text = say("thing_one") if count == 1 else say("thing_count", count=count)
        if self.item.earlier:
            text = say("thing_earlier", count=self.item.earlier, more=count)
        self.count.textContent = text
        self.node.setAttribute("aria-label", self.title())
        self.remove_button.setAttribute("aria-label", say("thing_remove", name=self.title()))
        # What the model knows already keeps its name and its place.
        self.name.disabled = bool(self.item.earlier)
        self.remove_button.hidden = bool(self.item.earlier)

    def title(self):
        return self.item.name() or say("thing_nameless")

    def show_photos(self, photos):
        """Some of them have come to their end."""
        for photo in photos:
            if photo in self.thumbs:
                self.thumbs[photo].show()
        self.show()

    def fill(self, until):
        """Make thumbs until that moment (milliseconds of the page); whether all are there."""
        for photo in self.item.photos:
            if photo not in self.thumbs:
                if anvil.js.window.performance.now() > until:
                    return False
                thumb = Thumb(item=photo)
                thumb.add_event_handler("x-remove", self.thumb_remove)
                self.thumbs[photo] = thumb
                self.add_component(thumb, slot="thumbs")
        if list(self.thumbs) != self.item.photos:  # one came back to its place
            self.thumbs = {photo: self.thumbs[photo] for photo in self.item.photos}
            for thumb in self.thumbs.values():
                self.grid.appendChild(thumb.node)
        return True

    def on_name(self, event):
        self.raise_event("x-call", text=self.name.value)

    def on_remove(self, event):
        self.raise_event("x-drop")

    def thumb_remove(self, photo, **event_args):
        """The next photo gets the focus, so that one can go on by the keyboard."""
        place = self.item.photos.index(photo)
        self.raise_event("x-remove", photo=photo)
        rest = self.item.photos
        if rest:
            self.thumbs[rest[min(place, len(rest) - 1)]].button.focus()
        else:
            anvil.js.get_dom_node(self.choose).querySelector("button").focus()

    # The camera

    def film_click(self, **event_args):
        if self.burst.camera.wanted:
            self.stop()
        else:
            self.raise_event("x-film")
            self.trouble.text = ""
            self.burst.camera.start()

    def turn_click(self, **event_args):
        self.burst.camera.turn()

    def on_film(self):
        self.show_film(True)
        self.turn.visible = bool(self.burst.camera.others)

    def on_film_end(self, error):
        self.show_film(False)
        if error:
            self.trouble.text = troubles.of(error)["advice"]

    def stop(self):
        """Let go of the camera."""
        if self.burst.camera.wanted:
            self.burst.camera.stop()
            self.show_film(False)

    def show_film(self, on):
        self.node.classList.toggle("filming", on)
        self.hold.visible = on
        self.turn.visible = False
        self.film.text = say("camera_stop") if on else say("camera_use")

    def on_shot(self, blob):
        media = anvil.js.to_media(blob, name="camera.jpg", content_type="image/jpeg")
        self.raise_event("x-shot", photo=(media, blob))
