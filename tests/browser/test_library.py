"""The component library under Brython behaves as Anvil's version 3 client does, as far as forms here rely on it."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent, indent

import pytest
import yaml
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import scripted
from tests.stand_in import START_SECONDS, StandIn, process, wait_until

CONFIG = {
    "package_name": "trial",
    "startup": {"type": "form", "module": "Main"},
    "runtime_options": {"version": 3},
}
TEMPLATE = {
    "container": {
        "type": "HtmlTemplate",
        "properties": {"html": '<div class="page" anvil-slot="a"></div>'},
        "event_bindings": {"show": "form_show"},
    },
    "components": [
        {"type": "Label", "name": "out", "properties": {"text": ""}, "layout_properties": {"slot": "a"}},
        {"type": "Button", "name": "go", "properties": {"text": "Go"}, "layout_properties": {"slot": "a"}},
        {"type": "DropDown", "name": "menu", "layout_properties": {"slot": "a"}},
        {
            "type": "RepeatingPanel",
            "name": "rows",
            "properties": {"item_template": "Row"},
            "layout_properties": {"slot": "a"},
        },
        {"type": "Timer", "name": "timer", "properties": {"interval": 0}, "event_bindings": {"tick": "tick"}},
    ],
}
MAIN = '''
import anvil.js
import anvil.server
from anvil import *
from ._anvil_designer import MainTemplate

def caught(function, *args, **kwargs):
    """The name and text of what a call raises."""
    try:
        return function(*args, **kwargs)
    except Exception as error:
        return type(error).__name__ + ": " + str(error)

class Main(MainTemplate):
    def __init__(self, **properties):
        self.init_components(**properties)
        self.go.add_event_handler("click", self.clicked)
        self.ticks = 0
        self.shown = 0

    def form_show(self, **event_args):
        self.shown += 1
        self.out.text = "shown " + str(self.shown)

    def tick(self, **event_args):
        self.ticks += 1
        if self.ticks == 3:
            self.timer.interval = 0
            self.out.text = "ticked " + str(self.ticks)

    def clicked(self, **event_args):
        {body}
'''
ROW = """
from anvil import *
from ._anvil_designer import RowTemplate

class Row(RowTemplate):
    def __init__(self, **properties):
        self.init_components(**properties)
        self.text.text = self.item
"""
ROW_TEMPLATE = {
    "container": {"type": "HtmlTemplate", "properties": {"html": '<p class="row" anvil-slot="b"></p>'}},
    "components": [{"type": "Label", "name": "text", "layout_properties": {"slot": "b"}}],
}


class Trial:
    """A page whose button runs the Python that a test gives it."""

    def __init__(self, browser: Browser, folder: Path) -> None:
        self.browser, self.folder = browser, folder
        self.errors: list[str] = []

    def write(self, body: str) -> None:
        for name, code, template in (("Main", self.main(body), TEMPLATE), ("Row", ROW, ROW_TEMPLATE)):
            form = self.folder / "client_code" / name
            form.mkdir(parents=True, exist_ok=True)
            (form / "__init__.py").write_text(code)
            (form / "form_template.yaml").write_text(yaml.safe_dump(template))
        (self.folder / "anvil.yaml").write_text(yaml.safe_dump(CONFIG))

    @staticmethod
    def main(body: str) -> str:
        return MAIN.replace("        {body}", indent(dedent(body), " " * 8))

    def click(self, body: str, wait_for: str = "") -> str:
        """What stands in the label after the button was clicked, at last with `wait_for` in it."""
        self.write(body)
        self.page.reload()
        expect(self.page.locator(".anvil-label").first).to_have_text("shown 1")
        self.page.get_by_role("button").click()
        expect(self.page.locator(".anvil-label").first).to_contain_text(wait_for, timeout=10_000)
        return self.page.locator(".anvil-label").first.inner_text()

    page: Page


@pytest.fixture(scope="module")
def trial(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    folder = tmp_path_factory.mktemp("trial")
    found = Trial(browser, folder / "app")
    found.write("pass")
    log, key_file = folder / "host.log", folder / "keys.json"
    with process([sys.executable, "-m", "tests.browser.serve_app", str(folder)], log, {}) as started:
        port = int(wait_until(lambda: log.read_text().strip(), START_SECONDS, log))
        keys = json.loads(key_file.read_text())
        host = StandIn(started, port, folder, key_file, log, keys["uplink_key"], keys["client_uplink_key"])
        with scripted(host):
            found.page = browser.new_page()
            found.page.goto(host.page_url)
            yield found
            found.page.close()


def test_a_timer_ticks_until_it_is_switched_off(trial: Trial) -> None:
    trial.click("self.timer.interval = 0.02", wait_for="ticked 3")
    trial.page.wait_for_timeout(200)
    assert trial.page.locator(".anvil-label").first.inner_text() == "ticked 3"


def test_rows_follow_their_items(trial: Trial) -> None:
    body = """
        self.rows.items = ["a", "b", "c"]
        self.rows.items = ["d", "e"]
        self.out.text = str(len(self.rows.get_components())) + self.rows.get_components()[1].item
    """
    assert trial.click(body) == "2e"
    assert trial.page.locator(".row").all_inner_texts() == ["d", "e"]


def test_a_menu_takes_texts_and_pairs(trial: Trial) -> None:
    body = """
        first = self.menu.selected_value
        self.menu.items = ["x", ("Y", 7)]
        second = self.menu.selected_value
        self.menu.selected_value = 7
        self.out.text = repr([first, second, self.menu.selected_value])
    """
    assert trial.click(body) == "[None, 'x', 7]"
    chosen = trial.page.locator("select").evaluate("(menu) => [menu.selectedOptions[0].text, menu.value]")
    assert chosen == ["Y", "1"], "in the page an item goes by its number, as in Anvil's client"


def test_roles_and_visibility_become_classes(trial: Trial) -> None:
    trial.click('self.go.role = ["big", "red"]; self.go.role = "small"; self.go.visible = False')
    classes = trial.page.locator(".anvil-button").get_attribute("class") or ""
    assert "anvil-role-small" in classes
    assert "anvil-role-big" not in classes
    assert "anvil-visible-false" in classes


def test_an_empty_label_takes_a_line_and_a_button_centres_itself(trial: Trial) -> None:
    """As in Anvil's client, where the text of a label is a block in its line, and a button has a style of its own."""
    trial.click('self.out.text = "done"; self.add_component(Label(text=""), slot="a")', wait_for="done")
    full, empty = trial.page.locator(".anvil-label").all()
    assert empty.evaluate("(node) => node.offsetHeight") == full.evaluate("(node) => node.offsetHeight") > 10
    button = trial.page.locator(".anvil-button")
    assert button.evaluate("(node) => node.style.textAlign") == "center"
    assert button.locator("button").evaluate("(node) => node.style.textOverflow") == "ellipsis"


def said_of(trial: Trial, *expressions: str) -> list[str]:
    """What each of these comes to, or the name and text of what it raises."""
    each = ", ".join(f"str(caught(lambda: {expression}))" for expression in expressions)
    return trial.click(f"self.out.text = ' | '.join([{each}])", wait_for="|").split(" | ")


def test_what_is_not_known_is_refused_by_name(trial: Trial) -> None:
    assert said_of(
        trial,
        "Label(nope=1)",
        "self.go.add_event_handler('blur', self.tick)",
        "anvil.js.to_media('text')",
        "anvil.js.get_dom_node(self.go).tagName",
        "getattr(anvil.js, 'import_from', 'absent')",
    ) == [
        "TypeError: Label has no property nope here",
        "LookupError: Button has no event blur here",
        "TypeError: anvil.js.to_media takes a File or a Blob here",
        "DIV",
        "absent",
    ]


def test_calls_return_or_raise_as_anvil_names_it(trial: Trial) -> None:
    arguments = ("'list_models'", "'no_such_function'", "'worker_status', {1, 2}", "'worker_status', 'too', 'many'")
    models, unknown, unsendable, wrong = said_of(trial, *(f"anvil.server.call_s({given})" for given in arguments))
    assert "cats_vs_dogs" in models
    assert unknown.startswith("NoServerFunctionError: No server function matching")
    assert unsendable.startswith("SerializationError: Cannot send set")
    assert wrong.startswith("AnvilWrappedError: worker_status() takes 0")


def test_bytes_made_in_the_page_travel_as_media(trial: Trial) -> None:
    body = """
        media = BlobMedia("image/png", bytes([0, 255, 7]), name="unsure.png")
        reply = anvil.server.call_s("classify_image", media, model="cats_vs_dogs", top=1)
        self.out.text = str([media.length, media.content_type, reply["unsure"]])
    """
    assert trial.click(body, wait_for="[") == "[3, 'image/png', True]"


def test_a_fault_in_a_handler_is_shown_on_the_page(trial: Trial) -> None:
    trial.click("raise ValueError('a fault')")
    expect(trial.page.get_by_role("alert")).to_contain_text("This page has a fault")


def test_a_form_that_cannot_be_opened_is_shown_as_a_fault(trial: Trial) -> None:
    trial.write("pass")
    code = trial.folder / "client_code" / "Main" / "__init__.py"
    code.write_text(code.read_text().replace("self.shown = 0", "self.shown = nothing"))
    trial.page.reload()
    expect(trial.page.get_by_role("alert")).to_contain_text("This page has a fault")
