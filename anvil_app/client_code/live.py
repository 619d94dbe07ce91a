"""Answers that follow what the camera sees."""

import anvil.js

from .agenda import PAUSE, now
from .album import Album
from .camera import Camera
from .request import Request

# Seconds from one call to the next, at least; of these, how many it may take to take a frame; and after a failed call.
FRAME_SECONDS = 0.2
TAKE_SECONDS = 0.05
RETRY_SECONDS = 0.5


class Live:
    """Has the board show what the camera sees, and its answer: one frame is asked about at a time.

    Frames go the way of `sender`. The last one that was answered stays as a photo, which `opened` is called with.
    `jobs` are its jobs for the agenda, whose names begin with `name`.
    """

    def __init__(self, board, sender, opened, name="live"):
        self.name = name
        self.jobs = [(name + "-take", self.take), (name + "-frame", self.look)]
        self.board = board
        self.sender = sender
        self.agenda = sender.agenda
        self.opened = opened
        self.camera = Camera(board.view, self.on_start, self.on_end)
        self.taken = None
        self.last = None
        self.next = 0
        board.live.add_event_handler("click", self.toggle)
        board.turn.add_event_handler("click", self.turn)

    def is_on(self) -> bool:
        return self.camera.wanted

    def toggle(self, **event_args):
        if self.is_on():
            self.stop()
        else:
            self.sender.album = Album()
            self.last = None
            self.board.open_live()
            self.camera.start()

    def turn(self, **event_args):
        self.camera.turn()

    def stop(self):
        if self.is_on():
            self.camera.stop()
            self.on_end(None)

    def on_start(self):
        self.board.turn.visible = bool(self.camera.others)
        self.agenda.plan(self.name + "-take")

    def on_end(self, error):
        if self.last:
            self.sender.album.requests = [self.last]
            self.opened(self.last)
        else:
            self.board.clear()
        if error:
            self.board.show_trouble(error)

    def take(self):
        """Take a frame."""
        if self.camera.stream:
            self.camera.take(self.sender.service.side(), self.on_frame)

    def on_frame(self, blob):
        if not blob:  # nothing has come from the camera yet
            self.agenda.plan(self.name + "-take", FRAME_SECONDS)
            return
        self.taken = Request(anvil.js.to_media(blob, name="camera.jpg", content_type="image/jpeg"), blob)
        self.agenda.plan(self.name + "-frame", self.next - now())

    def look(self):
        """Ask about the frame, show the answer, and go on."""
        frame = self.taken
        self.next = now() + FRAME_SECONDS
        reply = self.sender.ask([frame])[0]
        if not self.camera.stream:  # it was stopped meanwhile
            return
        error = reply.get("error")
        if not error:
            frame.answered(reply)
            self.last = frame
        self.board.follow(frame, error)
        self.agenda.plan(self.name + "-take", RETRY_SECONDS if error else max(PAUSE, self.next - now() - TAKE_SECONDS))
