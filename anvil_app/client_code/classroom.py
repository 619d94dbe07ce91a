"""The view in which models are taught, at a link of its own."""

import anvil.js

from .owner import Owner

LINK = "#teach"


class Classroom:
    """Brings the form Teach into sight where the page's link says so and the worker's owner allows it.

    The form is made when it is first wanted, and stays: who looks at the other view meanwhile loses nothing. `page` is
    the form Main.
    """

    def __init__(self, page):
        self.page = page
        self.owner = Owner(page.service, page.question)
        self.form = None
        self.window = anvil.js.window
        self.window.addEventListener("hashchange", self.on_link)

    def is_open(self) -> bool:
        return self.page.node.classList.contains("teaching")

    def look(self):
        """See whether one can teach here."""
        self.owner.look()
        self.page.node.classList.toggle("can-teach", self.owner.is_on())
        self.show()

    def on_link(self, event):
        self.show()

    def show(self):
        wanted = self.owner.is_on() and self.window.location.hash == LINK
        if wanted == self.is_open():
            return
        if not self.form:
            self.make()
        self.page.node.classList.toggle("teaching", wanted)
        self.window.scrollTo(0, 0)
        if wanted:
            self.page.live.stop()
            self.form.open()
        else:
            self.form.close()

    def make(self):
        # Late, so that who only wants an answer need not wait for it.
        from .Teach import Teach

        page = self.page
        self.form = Teach(service=page.service, agenda=page.agenda, owner=self.owner, question=page.question)
        self.form.add_event_handler("x-kept", self.kept)
        self.form.add_event_handler("x-use", self.use)
        page.agenda.jobs = page.agenda.jobs + self.form.jobs
        page.add_component(self.form, slot="teach")
        self.fill_words()

    def fill_words(self):
        if self.form:
            self.form.fill_words()

    def resume(self):
        """A worker is there."""
        if self.form:
            self.form.resume()

    def kept(self, **event_args):
        self.page.service.read_offer()

    def use(self, model, **event_args):
        self.window.location.hash = ""
        self.page.use(model)
