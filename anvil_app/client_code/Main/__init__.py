import anvil.js
from anvil import *

from .. import language, offer, presence, troubles, words
from ..agenda import PAUSE, Agenda, now
from ..album import Album
from ..Board import Board
from ..connection import Connection
from ..Gallery import Gallery
from ..intake import Intake, photos_of
from ..live import Live
from ..ModelCard import ModelCard
from ..request import QUEUED
from ..shrinker import Shrinker
from ..words import say
from ._anvil_designer import MainTemplate

# A browser does not repaint inside a handler: the page says what it is about to do and does it this many seconds later.
REPAINT = 0.05
# Seconds before a photo is sent again that was lost with a worker: time for the service to see that it is gone.
RESEND_AFTER = 0.5
LABELS = 5


class Main(MainTemplate):
    """The page: photos come in by choice, camera, drop or paste, and a worker's answers are shown."""

    def __init__(self, **properties):
        self.init_components(**properties)
        self.node = anvil.js.get_dom_node(self).querySelector(".page")
        self.album = Album()
        self.offer = {"models": []}
        self.offer_is_fresh = False
        self.seen = presence.named("checking", False)
        self.intake = None
        self.connection = Connection(self.patience_timer, self.on_silence)
        self.agenda = Agenda(self.agenda_timer)
        self.shrinker = Shrinker(self.photo_fitted)
        self.board = Board()
        self.gallery = Gallery()
        self.card = ModelCard()
        self.live = Live(self.board, self.agenda, self.ask_frame, self.side, self.live_ended)
        # What a person waits for goes first.
        self.agenda.jobs = [
            ("heat", self.ask_heat),
            ("card", self.ask_card),
            ("look", self.look),
            ("photos", self.ask_photos),
            ("take", self.live.take),
            ("frame", self.live.look),
        ]
        for form, slot in ((self.board, "board"), (self.gallery, "gallery"), (self.card, "card")):
            self.add_component(form, slot=slot)
        self.listen()
        anvil.js.get_dom_node(self.snapshot).querySelector("input").setAttribute("capture", "environment")
        words.use(language.wished())
        self.fill_words()

    def listen(self):
        for form, event, handler in (
            (self.board, "x-choose", self.choose),
            (self.board, "x-shoot", self.board_shoot),
            (self.board, "x-live", self.board_live),
            (self.board, "x-turn", self.board_turn),
            (self.board, "x-again", self.board_again),
            (self.board, "x-back", self.board_back),
            (self.board, "x-heat", self.board_heat),
            (self.board, "x-say", self.board_say),
            (self.board, "x-reload", self.reload),
            (self.gallery, "x-reload", self.reload),
            (self.gallery, "x-stop", self.gallery_stop),
            (self.gallery, "x-again", self.gallery_again),
            (self.gallery, "x-add", self.choose),
            (self.gallery, "x-clear", self.gallery_clear),
            (self.gallery, "x-open", self.gallery_open),
        ):
            form.add_event_handler(event, handler)

    def form_show(self, **event_args):
        if not self.intake:
            self.intake = Intake(self.node, self.take, self.stumble)
        self.agenda.plan("look", REPAINT)

    # Photos come in

    def choose(self, **event_args):
        self.loader.open_file_selector()

    def board_shoot(self, **event_args):
        self.snapshot.open_file_selector()

    def loader_change(self, sender, **event_args):
        photos = photos_of(anvil.js.get_dom_node(sender).querySelector("input").files)
        if photos:
            self.take(photos)
            sender.clear()

    def take(self, photos):
        """Show photos at once and have them sent. Where there are many already, they are joined by these."""
        self.live.stop()
        if len(self.album.requests) > 1:
            self.album.add(photos)
        else:
            self.album = Album(photos)
        if len(self.album.requests) > 1:
            self.open_gallery()
        else:
            self.open_photo(self.album.requests[0])
        self.agenda.plan("photos", REPAINT)

    def stumble(self, error):
        """Something was dropped that is no photo."""
        if self.album.requests or self.live.is_on():
            self.announce(troubles.of(error)["headline"])
        else:
            self.board.show_trouble(error)

    # Photos go out

    def ask_photos(self):
        album = self.album
        if album.waiting or not album.queued():
            album.rest()
            return
        self.shrinker.work(album.queued(), self.side())
        pack = album.pack()
        for request in pack:
            if not request.is_readable():
                self.take_replies([request], [{"error": {"type": "NotAFile", "message": ""}}], 0)
                return
        # Anvil's client lets other things happen meanwhile: other photos may come in, or these may be given up.
        pack = [request for request in pack if request.state == QUEUED]
        if not pack or album is not self.album:
            return
        start = now()
        album.begin(start)
        attempts = [request.attempt for request in pack]
        heatmap = self.board.wants_heat and len(album.requests) == 1
        replies = self.classify(pack, self.models.selected_value, LABELS, heatmap)
        if album is self.album and attempts == [request.attempt for request in pack]:
            self.take_replies(pack, replies, now() - start)
        else:
            self.agenda.plan("photos")

    def side(self):
        """Pixels along its longer side that a photo needs."""
        return offer.side(self.offer)

    def photo_fitted(self):
        self.agenda.plan("photos")

    def classify(self, requests, model, top, heatmap):
        """The reply for each of these photos, from one call."""
        photos = [request.photo for request in requests]
        size = sum([request.size for request in requests])
        reply = self.connection.ask("classify_images", photos, size=size, model=model, top=top, heatmap=heatmap)
        if "error" not in reply:
            return reply
        self.notice(reply["error"])
        return [reply] * len(requests)

    def take_replies(self, requests, replies, seconds):
        """Note what became of the photos of one call that took so many seconds, and go on."""
        self.album.lap(now(), len(requests), seconds)
        steps = []
        for number in range(len(requests)):
            request = requests[number]
            reply = replies[number]
            if "error" in reply:
                steps.append(self.album.failed(request, reply["error"]))
            elif request.state == QUEUED:
                request.answered(reply)
        if self.album.expired:
            self.show_all()
        else:
            self.show_requests(requests)
        if troubles.WAIT in steps:
            self.agenda.plan("look", presence.SECONDS_WHILE_AWAY)
        else:
            self.agenda.plan("photos", RESEND_AFTER if troubles.RESEND in steps else PAUSE)

    def notice(self, error):
        """A failed call may tell something of the worker."""
        name = troubles.of(error)["name"]
        if name in presence.UNREACHABLE:
            self.show_worker(presence.named(name, False))
            self.agenda.plan("look", presence.SECONDS_WHILE_AWAY)

    # What the camera sees

    def board_live(self, **event_args):
        if self.live.is_on():
            self.live.stop()
        else:
            self.album = Album()
            self.live.start()

    def board_turn(self, **event_args):
        self.live.turn()

    def ask_frame(self, frame):
        return self.classify([frame], self.models.selected_value, LABELS, self.board.wants_heat)[0]

    def live_ended(self, frame, error):
        """What the camera saw last stays, as a photo."""
        if frame:
            self.album.requests = [frame]
            self.open_photo(frame)
        else:
            self.board.clear()
        if error:
            self.board.show_trouble(error)

    # The worker and its models

    def look(self):
        """See whether a worker is there, and go on with what waited for one."""
        worker = presence.of(self.connection.ask("worker_status"))
        self.agenda.plan("look", worker["seconds"])
        self.show_worker(worker)
        if not worker["there"]:
            self.offer_is_fresh = False
            return
        if not self.offer_is_fresh:
            self.read_offer()
        if self.album.resume():
            self.show_all()
            self.agenda.plan("photos", REPAINT)

    def read_offer(self):
        reply = self.connection.ask("list_models")
        if "error" in reply:
            return
        self.offer = self.board.models = reply
        self.offer_is_fresh = True
        self.fill_menu()
        self.models.visible = len(reply["models"]) > 1
        self.node.classList.add("models-known")

    def fill_menu(self):
        chosen = self.models.selected_value
        self.models.items = offer.choices(self.offer)
        self.models.selected_value = chosen if offer.find(self.offer, chosen) else self.offer.get("default")

    def models_change(self, **event_args):
        self.ask_again(everything=True)

    def ask_again(self, everything=False):
        self.album.again(everything)
        if self.album.requests:
            self.show_all()
            self.agenda.plan("photos", REPAINT)

    def board_again(self, **event_args):
        self.board.request.forget()
        self.album.waiting = None
        self.show_requests([self.board.request])
        self.agenda.plan("photos", REPAINT)

    def card_button_click(self, **event_args):
        self.card.open(offer.find(self.offer, self.models.selected_value))
        self.agenda.plan("card", REPAINT)

    def ask_card(self):
        self.card.show(self.connection.ask("model_card", self.models.selected_value))

    # The heat map

    def board_heat(self, **event_args):
        self.agenda.plan("heat", REPAINT)

    def ask_heat(self):
        request = self.board.request
        if not request or not request.reply:
            return
        attempt = request.attempt
        reply = self.classify([request], request.reply["model"], 1, True)[0]
        if attempt != request.attempt:  # another model was chosen meanwhile: this map is not of its answer
            return
        request.reply["heatmap"] = reply.get("heatmap")
        if "error" in reply:
            self.announce(troubles.of(reply["error"])["headline"])
            self.board.wants_heat = False
        if request is self.board.request:
            self.board.show_heat()

    # What is seen

    def open_gallery(self):
        self.node.setAttribute("data-view", "many")
        self.gallery.open(self.album)
        self.announce(self.gallery.text.text)

    def open_photo(self, request):
        self.node.setAttribute("data-view", "one")
        self.board.open(request, len(self.album.requests) > 1)
        self.show_requests([request])

    def show_requests(self, requests):
        """Bring up what is seen of photos."""
        if len(self.album.requests) > 1:
            self.gallery.update(requests)
            if self.gallery.finished():
                self.announce(self.gallery.text.text)
        if self.board.request in requests:
            self.show_board()

    def show_all(self):
        if len(self.album.requests) > 1:
            self.gallery.refresh()
        if self.board.request:
            self.show_board()

    def show_board(self):
        if self.node.getAttribute("data-view") == "one":
            self.board.show(self.album.waiting)

    def gallery_stop(self, **event_args):
        self.album.stop()
        self.show_all()

    def gallery_again(self, **event_args):
        self.ask_again()

    def gallery_clear(self, **event_args):
        self.album = Album()
        self.board.clear()
        self.node.setAttribute("data-view", "one")

    def gallery_open(self, request, **event_args):
        self.open_photo(request)
        anvil.js.get_dom_node(self.board.back).querySelector("button").focus()

    def board_back(self, **event_args):
        self.open_gallery()
        self.gallery.focus_on(self.board.request)

    def reload(self, **event_args):
        anvil.js.window.location.reload()

    def show_worker(self, worker):
        self.seen = worker
        self.worker.text = say("worker_" + worker["name"])
        details = presence.details(worker)
        self.worker_details.text = details
        self.worker_details.visible = bool(details)
        self.node.setAttribute("data-worker", worker["name"])

    def on_silence(self):
        self.show_worker(presence.named("silent", False))

    def board_say(self, text, **event_args):
        self.announce(text)

    def announce(self, text):
        self.node.querySelector(".announcement").textContent = text

    def language_click(self, **event_args):
        language.switch()
        self.fill_words()

    def fill_words(self):
        language.write(self.node)
        self.card_button.text = say("card_open")
        self.switch.text = say("other_language")
        anvil.js.get_dom_node(self.switch).setAttribute("lang", words.other_language())
        anvil.js.get_dom_node(self.models).querySelector("select").setAttribute("aria-label", say("model"))
        self.fill_menu()
        self.board.fill_words()
        self.gallery.fill_words()
        self.card.fill_words()
        self.show_worker(self.seen)
        self.show_all()
