import anvil.js
from anvil import *

from ..agenda import REPAINT
from ..announcement import announce
from ..intake import photos_of
from ..sender import Sender
from ..Thing import Thing
from ..words import say
from ._anvil_designer import ThingsTemplate

# Thumbs are made for so many milliseconds at a time, so that the page stays awake.
SLICE = 40


class Things(ThingsTemplate):
    """The things of a lesson with their photos, each of which becomes features as it comes.

    Raises x-change when anything of the lesson has changed, or of how far its photos are.
    """

    def __init__(self, service, agenda, **properties):
        self.init_components(**properties)
        self.service = service
        self.agenda = agenda
        self.sender = Sender(service, agenda, "features", self.ask, self.show_photos)
        self.jobs = [("thumbs", self.fill_thumbs), ("features", self.sender.send)]
        self.lesson = None
        self.forms = []
        self.target = None

    def fill_words(self):
        for form in self.forms:
            form.fill_words()

    def begin(self, lesson):
        """Show these from now on."""
        self.lesson = lesson
        self.sender.album = lesson.album
        self.show()

    # Photos come in

    def take(self, photos, node):
        """Photos were dropped on a node of the page, or pasted there: they are of the thing that it belongs to.

        Elsewhere they are of the first thing that has none yet, or else of the last one that got some.
        """
        meant = [form for form in self.forms if form.node.contains(node)]
        empty = [form for form in self.forms if not form.item.photos]
        last = [form for form in self.forms if form is self.target]
        self.add_photos((meant or empty or last or self.forms)[0], photos)

    def thing_choose(self, sender, **event_args):
        for form in self.forms:
            if form.choose is sender:
                self.target = form
        self.loader.open_file_selector()

    def loader_change(self, sender, **event_args):
        photos = photos_of(anvil.js.get_dom_node(sender).querySelector("input").files)
        if photos:
            self.add_photos(self.target, photos)
            sender.clear()

    def thing_shot(self, sender, photo, **event_args):
        for request in self.add_photos(sender, [photo]):
            request.fitted = True  # it was taken small

    def add_photos(self, form, photos):
        self.target = form
        added = self.lesson.add(form.item, photos)
        self.change(say("photos_added", count=len(added), name=form.title()))
        self.sender.go_on(REPAINT)
        return added

    def ask(self, requests):
        """The features of these photos, from one call."""
        photos = [request.photo for request in requests]
        reply = self.service.ask("embed_images", photos, size=sum([request.size for request in requests]))
        if "error" in reply:
            return [reply] * len(requests)
        return [{"features": one["features"].get_bytes()} if "features" in one else one for one in reply]

    # What a person changes

    def add_thing(self):
        self.lesson.add_thing()
        self.change()
        self.forms[-1].name.focus()

    def thing_call(self, sender, text, **event_args):
        self.lesson.call(sender.item, text)
        self.change()

    def thing_drop(self, sender, **event_args):
        self.lesson.remove_thing(sender.item)
        self.change(say("thing_removed", name=sender.title()))

    def thing_film(self, sender, **event_args):
        self.stop_cameras()
        self.target = sender

    def stop_cameras(self):
        for form in self.forms:
            form.stop()

    def remove_photo(self, photo, **event_args):
        self.lesson.remove(photo)
        self.change(say("photo_removed"))

    def move_photo(self, photo, thing, **event_args):
        self.lesson.move(photo, thing)
        self.change(say("photo_moved", name=thing.name()))

    def undo(self):
        self.lesson.undo()
        self.change(say("undone"))
        self.sender.go_on()

    def change(self, text=""):
        """The lesson has changed; `text` says so for ears."""
        if text:
            announce(text)
        self.show()
        self.raise_event("x-change")

    # What is seen

    def show(self):
        """A form for each thing, in their order."""
        known = {form.item: form for form in self.forms}
        for form in self.forms:
            if form.item not in self.lesson.things:
                form.stop()
                form.remove_from_parent()
        self.forms = [known.get(thing) or self.make(thing) for thing in self.lesson.things]
        for form in self.forms:
            if not form.parent:
                self.add_component(form, slot="things")
            form.show()
        self.agenda.plan("thumbs")

    def make(self, thing):
        form = Thing(side=self.service.side, item=thing)
        for event, handler in (
            ("x-call", self.thing_call),
            ("x-drop", self.thing_drop),
            ("x-remove", self.remove_photo),
            ("x-shot", self.thing_shot),
            ("x-film", self.thing_film),
        ):
            form.add_event_handler(event, handler)
        form.choose.add_event_handler("click", self.thing_choose)
        return form

    def fill_thumbs(self):
        until = anvil.js.window.performance.now() + SLICE
        for form in self.forms:
            if not form.fill(until):
                self.agenda.plan("thumbs")
                return

    def show_photos(self, photos=None):
        """These photos have come to their end, or all may have."""
        for form in self.forms:
            form.show_photos(photos or form.item.photos)
        self.raise_event("x-change")
