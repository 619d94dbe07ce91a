"""An exported app becomes one script for Brython; what the page does not know is refused by name."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from local_anvil import forms
from local_anvil.browser import catalog

ROOT = Path(__file__).parents[2]

CONFIG = {
    "name": "Small",
    "package_name": "small",
    "metadata": {"title": "A <small> app", "description": "Says hello"},
    "startup": {"type": "form", "module": "Main"},
    "runtime_options": {"version": 3, "client_version": "3"},
}
FORM = """\
from ._anvil_designer import MainTemplate
from anvil import *

class Main(MainTemplate):
    def __init__(self, **properties):
        self.init_components(**properties)

    def go_click(self, **event_args):
        self.go.text = "Gone"
"""
BUTTON: dict[str, Any] = {
    "type": "Button",
    "name": "go",
    "properties": {"text": "Go"},
    "layout_properties": {"slot": "a"},
    "event_bindings": {"click": "go_click"},
}
TEMPLATE: dict[str, Any] = {
    "container": {"type": "HtmlTemplate", "properties": {"html": '<div anvil-slot="a"></div>'}},
    "components": [BUTTON],
    "is_package": True,
}

MakeApp = Callable[..., Path]


@pytest.fixture
def make_app(tmp_path: Path) -> MakeApp:
    """A function that writes a small app: changes of anvil.yaml, the form template and the form's code."""

    def make(config: dict[str, Any] | None = None, template: dict[str, Any] | None = None, code: str = FORM) -> Path:
        form = tmp_path / "client_code" / "Main"
        form.mkdir(parents=True)
        (tmp_path / "anvil.yaml").write_text(yaml.safe_dump({**CONFIG, **(config or {})}))
        (form / "form_template.yaml").write_text(yaml.safe_dump({**TEMPLATE, **(template or {})}))
        (form / "__init__.py").write_text(code)
        return tmp_path

    return make


def modules(script: str) -> dict[str, list[Any]]:
    """The modules that a bundle registers."""
    start = script.index("update_VFS(") + len("update_VFS(")
    return dict(json.loads(script[start : script.rindex(")")]))


def with_button(**changes: Any) -> dict[str, Any]:
    return {"components": [{**BUTTON, **changes}]}


def test_the_bundle_has_the_app_its_designer_half_and_the_library(make_app: MakeApp) -> None:
    found = modules(forms.bundle(make_app()))
    assert found["small.Main"] == [".py", FORM, [], 1]
    assert "MainTemplate = template(" in found["small.Main._anvil_designer"][1]
    assert {"anvil", "anvil.server", "anvil.js", "anvil.catalog"} <= found.keys()
    assert found["anvil.app_"][1] == "PACKAGE = 'small'\nSTARTUP = 'Main'\n"


def test_only_those_modules_of_the_standard_library_travel_that_are_imported(make_app: MakeApp) -> None:
    app = make_app()
    before = modules(forms.bundle(app)).keys()
    (app / "client_code" / "helper.py").write_text("import math\n")
    assert modules(forms.bundle(app)).keys() - before == {"math", "small.helper"}


def test_it_is_made_again_only_where_a_file_has_changed(make_app: MakeApp) -> None:
    app = make_app()
    before = forms.bundle(app)
    assert forms.bundle(app) is before
    (app / "client_code" / "Main" / "__init__.py").write_text(FORM + "# changed\n")
    assert "# changed" in forms.bundle(app)


def test_a_theme_page_is_read_into_the_form(make_app: MakeApp) -> None:
    template = {"container": {"type": "HtmlTemplate", "properties": {"html": "@theme:page.html"}}}
    app = make_app(template=template)
    assets = app / "theme" / "assets"
    assets.mkdir(parents=True)
    (assets / "page.html").write_text('<main anvil-slot="a"></main>')
    assert '<main anvil-slot="a">' in modules(forms.bundle(app))["small.Main._anvil_designer"][1]


def test_the_page_has_title_and_token_escaped(make_app: MakeApp) -> None:
    html = forms.page(make_app(), 'to"ken')
    assert "<title>A &lt;small&gt; app</title>" in html
    assert 'content="to&quot;ken"' in html


def test_the_page_asks_nobody_but_its_host() -> None:
    html = forms.page(ROOT / "anvil_app", "token")
    assert "//" not in html.replace("<!doctype html>", "")


def test_the_app_itself_is_known_in_full() -> None:
    found = modules(forms.bundle(ROOT / "anvil_app"))
    assert {"anvil_app.Main", "anvil_app.ProbabilityBar", "anvil_app.words"} <= found.keys()
    assert not [name for name in found if name.split(".")[0] not in ("anvil", "anvil_app")], "forms keep imports light"


@pytest.mark.parametrize(
    ("template", "named"),
    [
        (with_button(type="Canvas"), "go: component Canvas"),
        (with_button(properties={"icon": "fa:user"}), "go: property icon of Button"),
        (with_button(event_bindings={"focus": "go_click"}), "go: event focus of Button"),
        (with_button(data_bindings=[{"property": "text", "code": "self.item"}]), "go: data_bindings"),
        (with_button(layout_properties={"slot": "a", "index": 1}), "go: layout property index"),
        (with_button(layout_properties={"slot": "b"}), "no slot 'b'"),
        (with_button(event_bindings={"click": "stop_click"}), "no method stop_click"),
        (with_button(type="Image", properties={"display_mode": "fill_width"}, event_bindings={}), "'fill_width'"),
        ({"layout": {"type": "form:x"}}, "'layout'"),
        ({"container": {"type": "ColumnPanel"}}, "a ColumnPanel as the container"),
        ({"container": {**TEMPLATE["container"], "data_bindings": [{"property": "html"}]}}, "data_bindings"),
        ({"container": {"type": "HtmlTemplate", "properties": {"html": "@theme:none.html"}}}, "no theme/assets/none"),
        ({"container": {"type": "HtmlTemplate", "properties": {"html": "<script></script>"}}}, "<script>"),
        ({"container": {"type": "HtmlTemplate", "properties": {"html": '<p anvil-slot-repeat="a">'}}}, "-slot-repeat"),
    ],
)
def test_a_template_with_something_unknown_is_refused(make_app: MakeApp, template: dict[str, Any], named: str) -> None:
    with pytest.raises(forms.AppError, match=named.replace("(", r"\(")) as caught:
        forms.bundle(make_app(template=template))
    assert "Main/form_template.yaml" in str(caught.value)


@pytest.mark.parametrize(
    ("config", "named"),
    [
        ({"startup": {"type": "module", "module": "start"}}, "startup must be a form"),
        ({"runtime_options": {"version": 2}}, "runtime version 3"),
        ({"startup": {"type": "form"}}, "startup must be a form"),
        ({"startup": "Main"}, "startup is not a mapping"),
        ({"metadata": "x"}, "metadata is not a mapping"),
        ({"package_name": None}, "package_name"),
        ({"package_name": "a b"}, "package_name"),
        ({"dependencies": [{"dep_id": "m3"}]}, "dependencies"),
        ({"native_deps": {"head_html": "<script>"}}, "native_deps"),
    ],
)
def test_a_config_with_something_unknown_is_refused(make_app: MakeApp, config: dict[str, Any], named: str) -> None:
    with pytest.raises(forms.AppError, match=named):
        forms.page(make_app(config=config), "token")


def test_a_startup_form_that_is_not_there_is_refused(make_app: MakeApp) -> None:
    with pytest.raises(forms.AppError, match="the startup form Mian is not in client_code"):
        forms.bundle(make_app(config={"startup": {"type": "form", "module": "Mian"}}))


def test_a_module_that_no_browser_has_is_refused(make_app: MakeApp) -> None:
    with pytest.raises(forms.AppError, match="numpy"):
        forms.bundle(make_app(code=FORM + "import numpy\n"))


def test_an_html_form_template_is_refused(make_app: MakeApp) -> None:
    app = make_app()
    (app / "client_code" / "Main" / "form_template.html").write_text("<p></p>")
    with pytest.raises(forms.AppError, match=r"Main/form_template\.html"):
        forms.bundle(app)


def test_a_folder_without_an_app_is_refused(tmp_path: Path) -> None:
    with pytest.raises(forms.AppError, match=r"anvil\.yaml cannot be read") as caught:
        forms.bundle(tmp_path)
    assert str(tmp_path) not in str(caught.value)


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("anvil.yaml", b"", "anvil.yaml is empty"),
        ("anvil.yaml", b"- a list", "anvil.yaml is not a mapping"),
        ("anvil.yaml", b"a: [", "anvil.yaml is not YAML"),
        ("anvil.yaml", b"a: \xff", "anvil.yaml is not UTF-8"),
        ("client_code/Main/form_template.yaml", b"", "Main/form_template.yaml is empty"),
        ("client_code/Main/form_template.yaml", b"components: []", "Main/form_template.yaml: container is empty"),
        ("client_code/Main/form_template.yaml", b"container: {}", "a None as the container"),
        ("client_code/Main/form_template.yaml", b"container: \xff", "Main/form_template.yaml is not UTF-8"),
        ("client_code/Main/__init__.py", b"class Main(\n", "Main/__init__.py, line 1: '\\(' was never closed"),
        ("client_code/Main/__init__.py", b"# \xff", "Main/__init__.py is not UTF-8"),
        ("client_code/Main/__init__.py", b"\0", "Main/__init__.py, line 1: .* null bytes"),
        ("client_code/words.py", b"\n\ndef x\n", "words.py, line 3"),
    ],
)
def test_a_broken_file_is_named(make_app: MakeApp, file: str, content: bytes, said: str) -> None:
    app = make_app()
    (app / file).write_bytes(content)
    with pytest.raises(forms.AppError, match=said) as caught:
        forms.bundle(app)
    assert str(app) not in str(caught.value)


@pytest.mark.parametrize(
    "template",
    [{"components": ["go"]}, *(with_button(**{key: "x"}) for key in BUTTON if key != "name"), with_button(type=None)],
)
def test_a_template_of_another_shape_is_refused(make_app: MakeApp, template: dict[str, Any]) -> None:
    with pytest.raises(forms.AppError, match=r"Main/form_template\.yaml"):
        forms.bundle(make_app(template=template))


def test_every_component_of_the_catalog_has_its_class() -> None:
    source = "".join(path.read_text() for path in (ROOT / "local_anvil/browser/anvil").glob("*.py"))
    for kind in catalog.PROPERTIES:
        assert f"@component\nclass {kind}(" in source
        for name in catalog.properties(kind):
            assert f"def _draw_{name}(" in source
