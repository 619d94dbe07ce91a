import anvil.js
from anvil import *

from .. import language, offer, presence, troubles, words
from ..agenda import REPAINT, Agenda
from ..album import Album
from ..announcement import announce
from ..Board import Board
from ..classroom import Classroom
from ..Correction import Correction
from ..Corrections import Corrections
from ..Gallery import Gallery
from ..intake import Intake, photos_of
from ..live import Live
from ..ModelCard import ModelCard
from ..Question import Question
from ..sender import Sender
from ..service import Service
from ..words import say
from ._anvil_designer import MainTemplate


class Main(MainTemplate):
    """The page: photos come in by choice, camera, drop or paste, and a worker's answers are shown."""

    def __init__(self, **properties):
        self.init_components(**properties)
        self.node = anvil.js.get_dom_node(self).querySelector(".page")
        self.intake = None
        self.board = Board()
        self.gallery = Gallery()
        self.card = ModelCard()
        self.question = Question()
        self.agenda = Agenda(self.agenda_timer)
        self.service = Service(self.patience_timer, self.agenda, self.show_worker, self.show_offer, self.worker_returns)
        self.sender = Sender(self.service, self.agenda, "photos", self.ask_photos, self.show)
        self.live = Live(self.board, self.sender, self.open_photo)
        # What a person waits for goes first.
        self.agenda.jobs = [
            ("heat", self.ask_heat),
            ("card", self.ask_card),
            ("look", self.service.look),
            ("photos", self.sender.send),
        ]
        self.agenda.jobs += self.live.jobs
        for form, slot in (
            (self.board, "board"),
            (self.gallery, "gallery"),
            (self.card, "card"),
            (self.question, "card"),
        ):
            self.add_component(form, slot=slot)
        self.classroom = Classroom(self)
        self.correction = Correction(service=self.service, agenda=self.agenda, owner=self.classroom.owner)
        self.board.add_component(self.correction, slot="correction")
        self.corrections = Corrections(service=self.service, agenda=self.agenda, owner=self.classroom.owner)
        self.card.add_component(self.corrections, slot="corrections")
        self.agenda.jobs += self.correction.jobs
        self.agenda.jobs += self.corrections.jobs
        self.listen()
        anvil.js.get_dom_node(self.snapshot).querySelector("input").setAttribute("capture", "environment")
        words.use(language.wished())
        self.fill_words()

    def listen(self):
        for button, handler in (
            (self.board.choose, self.choose),
            (self.board.shoot, self.shoot),
            (self.board.again, self.ask_board_again),
            (self.board.back, self.back_to_gallery),
            (self.board.reload, self.reload),
            (self.gallery.stop, self.stop),
            (self.gallery.again, self.ask_again),
            (self.gallery.add, self.choose),
            (self.gallery.start_over, self.start_over),
            (self.gallery.reload, self.reload),
        ):
            button.add_event_handler("click", handler)
        self.board.add_event_handler("x-heat", self.want_heat)
        self.gallery.add_event_handler("x-open", self.open_tile)
        self.correction.add_event_handler("x-learned", self.show_learned)
        self.correction.add_event_handler("x-undone", self.ask_board_again)
        self.corrections.add_event_handler("x-change", self.models_change)

    def form_show(self, **event_args):
        if not self.intake:
            self.intake = Intake(self.node, self.take, self.stumble)
        self.agenda.plan("look", REPAINT)

    # Photos come in

    def choose(self, **event_args):
        self.loader.open_file_selector()

    def shoot(self, **event_args):
        self.snapshot.open_file_selector()

    def loader_change(self, sender, **event_args):
        photos = photos_of(anvil.js.get_dom_node(sender).querySelector("input").files)
        if photos:
            self.take(photos)
            sender.clear()

    def take(self, photos, node=None):
        """Show photos at once and have them sent. Where there are many already, they are joined by these."""
        if self.classroom.is_open():
            self.classroom.form.take(photos, node)
            return
        self.live.stop()
        if self.has_many():
            self.sender.album.add(photos)
        else:
            self.sender.album = Album(photos)
        if self.has_many():
            self.open_gallery()
        else:
            self.open_photo(self.sender.album.requests[0])
        self.sender.go_on(REPAINT)

    def stumble(self, error):
        """Something was dropped that is no photo."""
        if self.sender.album.requests or self.live.is_on() or self.classroom.is_open():
            announce(troubles.of(error)["headline"])
        else:
            self.board.show_trouble(error)

    def has_many(self):
        return len(self.sender.album.requests) > 1

    # What is asked

    def ask_photos(self, requests):
        heatmap = self.board.wants_heat and not self.has_many()
        return self.service.classify(requests, self.models.selected_value, heatmap)

    def models_change(self, **event_args):
        self.sender.again(everything=True)

    def ask_again(self, **event_args):
        self.sender.again()

    def ask_board_again(self, **event_args):
        self.sender.once_more(self.board.request)

    def stop(self, **event_args):
        self.sender.stop()

    def card_button_click(self, **event_args):
        model = offer.find(self.service.offer, self.models.selected_value)
        self.card.open(model)
        self.corrections.open(model)
        self.agenda.plan("card", REPAINT)

    def ask_card(self):
        self.card.show(self.service.ask("model_card", self.models.selected_value))

    def want_heat(self, **event_args):
        self.agenda.plan("heat", REPAINT)

    def ask_heat(self):
        request = self.board.request
        if not request or not request.reply:
            return
        attempt = request.attempt
        reply = self.service.classify([request], request.reply["model"], True, top=1)[0]
        if attempt != request.attempt:  # another model was chosen meanwhile: this map is not of its answer
            return
        request.reply["heatmap"] = reply.get("heatmap")
        if "error" in reply:
            announce(troubles.of(reply["error"])["headline"])
            self.board.wants_heat = False
        if request is self.board.request:
            self.board.show_heat()

    # What is seen

    def open_gallery(self):
        self.node.setAttribute("data-view", "many")
        self.gallery.open(self.sender.album)
        announce(self.gallery.text.text)

    def open_photo(self, request):
        self.node.setAttribute("data-view", "one")
        self.board.open(request, self.has_many())
        self.show([request])

    def open_tile(self, request, **event_args):
        self.open_photo(request)
        anvil.js.get_dom_node(self.board.back).querySelector("button").focus()

    def back_to_gallery(self, **event_args):
        self.open_gallery()
        self.gallery.focus_on(self.board.request)

    def start_over(self, **event_args):
        self.sender.album = Album()
        self.board.clear()
        self.node.setAttribute("data-view", "one")

    def show(self, requests=None):
        """Bring up what is seen of these photos; of all where None are named."""
        if self.has_many() and requests is None:
            self.gallery.refresh()
        elif self.has_many():
            self.gallery.update(requests)
            if self.gallery.finished():
                announce(self.gallery.text.text)
        request = self.board.request
        if request and (requests is None or request in requests) and self.node.getAttribute("data-view") == "one":
            self.board.show(self.sender.album.waiting)
            self.correction.show(request)

    def show_learned(self, request, **event_args):
        self.show([request])

    def reload(self, **event_args):
        anvil.js.window.location.reload()

    # The worker and its models

    def show_worker(self):
        worker = self.service.presence
        self.worker.text = say("worker_" + worker["name"])
        details = presence.details(worker)
        self.worker_details.text = details
        self.worker_details.visible = bool(details)
        self.node.setAttribute("data-worker", worker["name"])

    def worker_returns(self):
        self.sender.resume()
        self.classroom.resume()

    def show_offer(self):
        self.board.models = self.service.offer
        self.fill_menu()
        self.models.visible = len(self.service.offer["models"]) > 1
        self.node.classList.add("models-known")
        self.classroom.look()

    def fill_menu(self):
        chosen = self.models.selected_value
        self.models.items = offer.choices(self.service.offer)
        known = offer.find(self.service.offer, chosen)
        self.models.selected_value = chosen if known else self.service.offer.get("default")

    def use(self, name):
        """Ask this model from now on, if it is offered."""
        if offer.find(self.service.offer, name):
            self.models.selected_value = name
            self.sender.again(everything=True)

    # Words

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
        self.classroom.fill_words()
        self.correction.fill_words()
        self.corrections.fill_words()
        self.show_worker()
        self.show()
