import anvil.js
import anvil.media
from anvil import *

from .. import arrangement, spreadsheet
from ..Tile import Tile
from ..words import say
from ._anvil_designer import GalleryTemplate

# Tiles are made for this many milliseconds at a time, so that the page stays awake.
SLICE = 40
PAUSE = 0.01
# Milliseconds after which what there is to choose is counted again, while answers come.
COUNT_EVERY = 1000


class Gallery(GalleryTemplate):
    """Many photos: a tile for each, how far it is, and what can be done with them.

    Raises x-open with the request of a tile that is pressed; the buttons are the page's to listen to.
    """

    def __init__(self, **properties):
        self.init_components(**properties)
        self.node = anvil.js.get_dom_node(self).querySelector(".gallery")
        self.grid = self.node.querySelector(".grid")
        self.meter = self.node.querySelector(".meter")
        self.album = None
        self.tiles = []
        self.counted = 0
        self.in_order = True

    def fill_words(self):
        self.stop.text = say("stop")
        self.csv.text = say("csv")
        self.add.text = say("add")
        self.start_over.text = say("clear")
        self.reload.text = say("reload")
        for menu, name in ((self.choice, say("show")), (self.order, say("sort"))):
            anvil.js.get_dom_node(menu).querySelector("select").setAttribute("aria-label", name)
        self.fill_menu(self.order, arrangement.orders())

    def refresh(self):
        """Bring all up to its requests."""
        for tile in self.tiles:
            tile.show()
        self.show_progress(True)

    def finished(self):
        return not self.album.queued()

    def open(self, album):
        """Show the photos of an album from now on; the tiles that are missing are made bit by bit."""
        if album is not self.album:
            for tile in self.tiles:
                tile.remove_from_parent()
            self.tiles = []
            self.album = album
            self.choice.items = arrangement.choices(album.requests)
            self.choice.selected_value = arrangement.ALL
            self.order.selected_value = arrangement.GIVEN
        self.show_progress(True)
        self.fill_timer.interval = PAUSE

    def fill_timer_tick(self, **event_args):
        self.fill_timer.interval = 0
        clock = anvil.js.window.performance
        start = clock.now()
        while len(self.tiles) < len(self.album.requests) and clock.now() - start < SLICE:
            tile = Tile(item=self.album.requests[len(self.tiles)])
            tile.add_event_handler("x-open", self.tile_open)
            self.tiles.append(tile)
            self.add_component(tile, slot="grid")
        if len(self.tiles) < len(self.album.requests):
            self.fill_timer.interval = PAUSE
        else:
            self.arrange()

    def update(self, requests):
        """Photos have come to an answer, or to an end without one."""
        for tile in [self.tiles[request.number] for request in requests if request.number < len(self.tiles)]:
            tile.show()
            self.set_shown(tile)
        self.show_progress(anvil.js.window.performance.now() - self.counted > COUNT_EVERY and not self.is_choosing())

    def show_progress(self, menus=False):
        """How far it is; `menus`: what there is to choose is counted again as well."""
        progress = self.album.progress()
        share = int(100 * progress["share"])
        self.text.text = progress["text"]
        self.advice.text = progress["advice"]
        self.meter.setAttribute("aria-valuenow", str(share))
        self.meter.style.setProperty("--share", str(share) + "%")
        self.meter.classList.toggle("running", progress["running"])
        self.node.classList.toggle("waiting", bool(progress["advice"]))
        self.stop.visible = progress["running"]
        self.start_over.visible = not progress["running"]
        self.csv.visible = not progress["running"]
        self.reload.visible = progress["expired"]
        self.again.visible = progress["missing"] > 0
        self.again.text = say("retry_one") if progress["missing"] == 1 else say("retry_many", count=progress["missing"])
        if menus or not progress["running"]:
            self.counted = anvil.js.window.performance.now()
            self.fill_menu(self.choice, arrangement.choices(self.album.requests))
            self.arrange()

    def is_choosing(self):
        """Whether a person is at the menu, which new items would close."""
        return bool(anvil.js.get_dom_node(self.choice).querySelector("select:focus"))

    def fill_menu(self, menu, items):
        """New items; what was chosen stays so where it is still among them."""
        chosen = menu.selected_value
        menu.items = items
        menu.selected_value = chosen if chosen in [value for _, value in items] else items[0][1]

    def arrange(self):
        """Show the chosen photos in the chosen order."""
        as_given = self.order.selected_value == arrangement.GIVEN
        if not (as_given and self.in_order):
            for request in arrangement.ordered(self.album.requests[: len(self.tiles)], self.order.selected_value):
                self.grid.appendChild(self.tiles[request.number].node)
            self.in_order = as_given
        for tile in self.tiles:
            self.set_shown(tile)

    def set_shown(self, tile):
        tile.show_if(arrangement.is_shown(tile.item, self.choice.selected_value))

    def focus_on(self, request):
        if request.number < len(self.tiles):
            self.tiles[request.number].button.focus()

    def choice_change(self, **event_args):
        self.arrange()

    def order_change(self, **event_args):
        self.arrange()

    def csv_click(self, **event_args):
        text = spreadsheet.csv(self.album.requests)
        anvil.media.download(BlobMedia("text/csv", text.encode(), name=say("csv_file")))

    def tile_open(self, request, **event_args):
        self.raise_event("x-open", request=request)
