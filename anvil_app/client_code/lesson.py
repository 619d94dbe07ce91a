"""What is being taught on the page: things, each with its photos. It is kept nowhere else until the model is."""

from .album import Album
from .request import ANSWERED, FAILED, QUEUED, Request
from .words import say

# Steps that can be undone.
MOST_STEPS = 100
# Names that mean: none of the things. They make no thing of their own.
NONE = ("none", "none of these")


class Thing:
    """One thing to tell apart: its label as typed, its photos, and how many photos of it the model knows already.

    The photos are Requests. The reply of one that is ready is {"features": bytes}.
    """

    def __init__(self, label="", earlier=0):
        self.label = label
        self.earlier = earlier
        self.photos = []

    def ready(self) -> list:
        """The photos that are turned into features."""
        return [photo for photo in self.photos if photo.state == ANSWERED]

    def count(self) -> int:
        """Photos that it is taught with, or will be once they are ready."""
        return self.earlier + len([photo for photo in self.photos if photo.state != FAILED])

    def name(self) -> str:
        return self.label.strip()


class Lesson:
    """Things and photos, with every step undone in turn. `album` has the photos in the order in which they are sent.

    `adds_to` is the kept model to which these photos are added, or "", and `known` its labels with their photos.
    `changes` grows with each change, so that what was found out, and what is `kept`, can be told from what is so now.
    """

    def __init__(self, adds_to="", known=None):
        self.adds_to = adds_to
        self.name = adds_to
        self.things = [Thing(label, count) for label, count in sorted((known or {}).items())]
        while len(self.things) < 2:
            self.things.append(Thing())
        self.album = Album()
        self.past = []
        self.changes = 0
        self.kept = 0
        self.sent = {}

    # What a person does

    def add(self, thing, photos) -> list:
        """More photos of a thing, each as media and as the browser's own File; returns them as Requests."""
        self.remember()
        added = [Request(photo, file) for photo, file in photos]
        thing.photos.extend(added)
        self.changed()
        return added

    def remove(self, photo):
        self.remember()
        self.thing_of(photo).photos.remove(photo)
        self.changed()

    def move(self, photo, thing):
        """It shows another thing than it was said to."""
        self.remember()
        self.thing_of(photo).photos.remove(photo)
        thing.photos.append(photo)
        self.changed()

    def add_thing(self):
        self.remember()
        self.things.append(Thing())
        self.changed()
        return self.things[-1]

    def remove_thing(self, thing):
        self.remember()
        self.things.remove(thing)
        self.changed()

    def call(self, thing, label):
        """A thing's name, while it is typed. An undone step leaves names alone: a text field has an undo of its own."""
        thing.label = label
        self.changed()

    def undo(self):
        """Take back the last step."""
        self.things = []
        for thing, photos in self.past.pop():
            thing.photos = photos
            self.things.append(thing)
        self.changed()

    def remember(self):
        self.past.append([(thing, list(thing.photos)) for thing in self.things])
        del self.past[:-MOST_STEPS]

    def changed(self):
        self.changes += 1
        self.album.requests = self.photos()

    # What there is

    def photos(self) -> list:
        return [photo for thing in self.things for photo in thing.photos]

    def thing_of(self, photo):
        """The thing whose photo it is, None for one that was removed."""
        for thing in self.things:
            if photo in thing.photos:
                return thing
        return None

    def thing_called(self, label):
        """The thing of that name, None where there is none."""
        for thing in self.things:
            if thing.name() == label:
                return thing
        return None

    def is_unsaved(self) -> bool:
        """Whether photos would be lost with the page."""
        return self.changes != self.kept and bool(self.photos())

    def problem(self, fewest) -> str:
        """What is missing before it can be taught with `fewest` photos of each thing, in words; else empty."""
        used = [thing for thing in self.things if thing.count() or thing.name()]
        names = [thing.name().lower() for thing in used]
        if "" in names:
            return say("lesson_nameless")
        if len([name for name in names if name not in NONE]) < 2:
            return say("lesson_two")
        for thing in used:
            if names.count(thing.name().lower()) > 1:
                return say("lesson_twice", label=thing.name())
            lacking = fewest - thing.count()
            if lacking > 0 and thing.name().lower() not in NONE:
                return self.lacks(thing.name(), lacking)
        return "" if self.photos() else say("lesson_nothing")

    def lacks(self, label, count) -> str:
        return say("lesson_lacks_one", label=label) if count == 1 else say("lesson_lacks", label=label, count=count)

    def on_their_way(self) -> int:
        return self.album.count(QUEUED)

    # What goes to the worker

    def classes(self, media) -> list:
        """The photos as the function `teach` takes them; `media` makes Media of bytes.

        Each photo has a name of its own meanwhile, under which `photo_named` finds it.
        """
        self.sent = {}
        found = []
        for thing in self.things:
            ready = thing.ready()
            if ready:
                names = [self.name_to_send(photo) for photo in ready]
                features = b"".join([photo.reply["features"] for photo in ready])
                found.append({"label": thing.name(), "features": [media(features)], "names": names})
        return found

    def name_to_send(self, photo) -> str:
        name = photo.name or say("a_file")
        number = 1
        unique = name
        while unique in self.sent:
            number += 1
            unique = f"{name} ({number})"
        self.sent[unique] = photo
        return unique

    def photo_named(self, name):
        """The photo that was sent under that name and has not been removed, or None."""
        photo = self.sent.get(name)
        return photo if photo and self.thing_of(photo) else None
