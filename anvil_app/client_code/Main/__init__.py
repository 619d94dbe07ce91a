import anvil.js
from anvil import *

from .. import language, troubles, words, workers
from ..album import Album
from ..board import Board
from ..caller import Caller
from ..Gallery import Gallery
from ..intake import Intake
from ..ModelCard import ModelCard
from ..shrinker import Shrinker
from ..words import say
from ._anvil_designer import MainTemplate

# A browser does not repaint inside a handler: the page says what it is about to do and does it this many seconds later.
REPAINT = 0.05
# Among many photos the next one follows after this many seconds, enough for a click to come through.
NEXT = 0.01
# Seconds before a photo is sent again that was lost with a worker: time for the service to see that it is gone.
RESEND_AFTER = 0.5
# Seconds to the next try where another call is still on its way.
BUSY_LINE = 0.1
# Seconds that a photo steps back for something else that was asked for.
STEP_BACK = 0.25
LABELS = 5


class Main(MainTemplate):
    """The page: photos come in by choice, camera, drop or paste, and the worker's answers are shown."""

    def __init__(self, **properties):
        self.init_components(**properties)
        self.node = anvil.js.get_dom_node(self).querySelector(".page")
        self.album = Album()
        self.offer = {"models": []}
        self.offer_is_fresh = False
        self.seen = workers.shown("checking", False)
        self.intake = None
        self.caller = Caller(self.patience_timer, self.on_silence)
        self.board = Board(self)
        self.gallery = Gallery()
        self.add_component(self.gallery, slot="gallery")
        for event, handler in (
            ("x-stop", self.gallery_stop),
            ("x-again", self.gallery_again),
            ("x-add", self.choose_click),
            ("x-clear", self.gallery_clear),
            ("x-open", self.gallery_open),
        ):
            self.gallery.add_event_handler(event, handler)
        self.card = ModelCard()
        self.add_component(self.card, slot="card")
        self.shrinker = Shrinker(self.bench, self.photo_fitted)
        camera = anvil.js.get_dom_node(self.camera).querySelector("input")
        camera.setAttribute("capture", "environment")
        words.use(language.wished())
        self.fill_words()

    def form_show(self, **event_args):
        if not self.intake:
            self.intake = Intake(self.node, self.take, self.stumble)
        self.status_timer.interval = REPAINT

    # Photos come in

    def choose_click(self, **event_args):
        self.loader.open_file_selector()

    def camera_button_click(self, **event_args):
        self.camera.open_file_selector()

    def loader_change(self, files, sender, **event_args):
        if files:
            self.take(list(files))
            sender.clear()

    def take(self, photos):
        """Show photos at once and have them sent. Where there are many already, they are joined by these."""
        if len(self.album.requests) > 1:
            self.album.add(photos)
        else:
            self.album = Album(photos)
        if len(self.album.requests) > 1:
            self.open_gallery()
        else:
            self.open_photo(self.album.requests[0])
        self.go_on(REPAINT)

    def stumble(self, error):
        """Something was dropped that is no photo."""
        if self.album.requests:
            self.announce(troubles.of(error)["headline"])
        else:
            self.board.show_trouble(error)

    # Photos go out

    def go_on(self, seconds):
        """Send the next photo after so many seconds."""
        self.send_timer.interval = seconds

    def send_timer_tick(self, **event_args):
        self.send_timer.interval = 0
        album = self.album
        request = album.next()
        if not request or album.waiting:
            album.rest()
            return
        readable = request.measure()
        # Anvil's client may have let other things happen meanwhile. From here to the call nothing does.
        if album is not self.album or request is not album.next():
            self.go_on(NEXT)
            return
        if not readable:
            self.take_reply(request, {"error": {"type": "NotAFile", "message": ""}})
            return
        if self.caller.busy or self.caller.others_wait:
            self.caller.others_wait = False
            self.go_on(STEP_BACK)
            return
        if self.shrinker.wants(request):
            self.shrinker.start(request)
            return
        album.begin(self.now())
        attempt = request.attempt
        model = self.models.selected_value
        reply = self.caller.ask("classify_image", request.photo, size=request.size, model=model, top=LABELS)
        # Where calls do not hold the page up, other photos may have come in meanwhile, or this one was given up.
        if album is self.album and attempt == request.attempt and request is album.next():
            self.take_reply(request, reply)
        else:
            self.go_on(NEXT)

    def photo_fitted(self):
        self.go_on(NEXT)

    def take_reply(self, request, reply):
        step = troubles.STOP
        self.album.lap(self.now())
        if "error" in reply:
            step = self.album.failed(request, reply["error"])
            self.notice(reply["error"])
        else:
            request.answered(reply)
        self.show_request(request)
        if step == troubles.WAIT:
            self.status_timer.interval = workers.SECONDS_WHILE_AWAY
        else:
            self.go_on(RESEND_AFTER if step == troubles.RESEND else NEXT)

    def notice(self, error):
        """A failed call may tell something of the worker."""
        name = troubles.of(error)["name"]
        if name in workers.UNREACHABLE:
            self.show_worker(workers.shown(name, False))
            self.status_timer.interval = workers.SECONDS_WHILE_AWAY

    def now(self):
        """Seconds, for measuring."""
        return anvil.js.window.performance.now() / 1000

    # The worker and its models

    def status_timer_tick(self, **event_args):
        if not self.caller.is_free():
            self.status_timer.interval = BUSY_LINE
            return
        worker = workers.state(self.caller.ask("worker_status"))
        self.status_timer.interval = worker["seconds"]
        self.show_worker(worker)
        if not worker["there"]:
            self.offer_is_fresh = False
            return
        if not self.offer_is_fresh:
            self.read_offer()
        if self.album.resume():
            self.show_all()
            self.go_on(REPAINT)

    def read_offer(self):
        reply = self.caller.ask("list_models")
        if "error" in reply:
            return
        self.offer = reply
        self.offer_is_fresh = True
        self.fill_menu()
        self.models.visible = len(reply["models"]) > 1
        self.node.classList.add("models-known")

    def fill_menu(self):
        chosen = self.models.selected_value
        self.models.items = workers.choices(self.offer)
        self.models.selected_value = chosen if workers.find(self.offer, chosen) else self.offer.get("default")

    def models_change(self, **event_args):
        self.ask_again(everything=True)

    def ask_again(self, everything=False):
        self.album.again(everything)
        if self.album.requests:
            self.show_all()
            self.go_on(REPAINT)

    def again_click(self, **event_args):
        self.board.request.forget()
        self.album.waiting = None
        self.show_request(self.board.request)
        self.go_on(REPAINT)

    def card_button_click(self, **event_args):
        self.card.open(workers.find(self.offer, self.models.selected_value))
        self.card_timer.interval = REPAINT

    def card_timer_tick(self, **event_args):
        free = self.caller.is_free()
        self.card_timer.interval = 0 if free else BUSY_LINE
        if free:
            self.card.show(self.caller.ask("model_card", self.models.selected_value))

    # What is seen

    def open_gallery(self):
        self.node.setAttribute("data-view", "many")
        self.gallery.open(self.album)
        self.announce(self.gallery.text.text)

    def open_photo(self, request):
        self.node.setAttribute("data-view", "one")
        self.back.visible = len(self.album.requests) > 1
        self.board.show_photo(request)
        self.show_request(request)

    def show_request(self, request):
        """Bring up what is seen of a photo."""
        if len(self.album.requests) > 1:
            self.gallery.update(request)
            if self.gallery.finished():
                self.announce(self.gallery.text.text)
        if request is self.board.request:
            self.show_board()

    def show_all(self):
        if not self.album.requests:
            self.node.setAttribute("data-view", "one")
            self.node.setAttribute("data-state", "empty")
        if len(self.album.requests) > 1:
            self.gallery.refresh()
        if self.album.requests:
            self.show_board()

    def show_board(self):
        if self.node.getAttribute("data-view") == "one":
            self.board.show(self.offer, self.album.waiting)
            if len(self.album.requests) > 1:
                self.choose.text = say("add")

    def gallery_stop(self, **event_args):
        self.album.stop()
        self.show_all()

    def gallery_again(self, **event_args):
        self.ask_again()

    def gallery_clear(self, **event_args):
        self.album = Album()
        self.choose.text = say("choose")
        self.show_all()

    def gallery_open(self, request, **event_args):
        self.open_photo(request)
        anvil.js.get_dom_node(self.back).querySelector("button").focus()

    def back_click(self, **event_args):
        self.open_gallery()
        self.gallery.focus_on(self.board.request)

    def show_worker(self, worker):
        self.seen = worker
        self.worker.text = say("worker_" + worker["name"])
        details = workers.details(worker)
        self.worker_details.text = details
        self.worker_details.visible = bool(details)
        self.node.setAttribute("data-worker", worker["name"])

    def on_silence(self):
        self.show_worker(workers.shown("silent", False))

    def announce(self, text):
        self.node.querySelector(".announcement").textContent = text

    def language_click(self, **event_args):
        language.switch()
        self.fill_words()

    def fill_words(self):
        language.write(self.node)
        self.choose.text = say("choose")
        self.camera_button.text = say("take_photo")
        self.again.text = say("try_again")
        self.back.text = say("back")
        self.card_button.text = say("card_open")
        self.heat.alt_text = say("heat_alt")
        self.switch.text = say("other_language")
        anvil.js.get_dom_node(self.switch).setAttribute("lang", words.other_language())
        anvil.js.get_dom_node(self.models).querySelector("select").setAttribute("aria-label", say("model"))
        self.fill_menu()
        self.gallery.fill_words()
        self.card.fill_words()
        self.show_worker(self.seen)
        self.show_all()
