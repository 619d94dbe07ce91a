"""Reads an exported Anvil app and makes what the browser needs to run its forms.

The app's own Python and a small `anvil` library of ours (`browser/anvil`) go into one JavaScript file for Brython's
virtual file system, with just those modules of Brython's standard library that they import. Whatever an app uses and
this page does not know is refused here by name, with AppError, before anything is served.
"""

import ast
import functools
import json
import re
from html import escape
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

import yaml

from local_anvil.browser import catalog

BROWSER = Path(__file__).parent / "browser"

# A module of Brython's virtual file system: file type, source, imported names, and 1 for a package.
Module = list[Any]

SHOW_FAULTS = 'addEventListener("error", () => { document.getElementById("page-error").hidden = false; });'
# Part of Brython itself, not of its library.
BUILT_INTO_BRYTHON = {"browser", "javascript", "sys", "builtins"}
REFUSED_IN_HTML = ("anvil-name", "anvil-slot-repeat", "anvil-if-slot-empty", "anvil-hide-if-slot-empty", "onclick")
SPEC_KEYS = {"type", "name", "properties", "layout_properties", "event_bindings"}


class AppError(Exception):
    """The app uses something that this page does not know, or is not whole."""


def bundle(app_dir: Path) -> str:
    """The JavaScript that puts the app and the component library into Brython's virtual file system.

    It is made again only where a file has changed. Raises AppError, which names the file and the thing, for what is not
    known here.
    """
    files = sorted(path for path in app_dir.rglob("*") if path.is_file())
    return _bundle(app_dir, tuple((path, path.stat().st_mtime_ns, path.stat().st_size) for path in files))


@functools.lru_cache(maxsize=1)
def _bundle(app_dir: Path, state: object) -> str:
    config = _config(app_dir)
    package, startup = config["package_name"], config["startup"]["module"]
    modules = {**_library(config), **_app(app_dir, package)}
    if f"{package}.{startup}" not in modules:
        raise AppError(f"anvil.yaml: the startup form {startup} is not in client_code")
    modules |= _standard_library(modules)
    return f"{SHOW_FAULTS}\n__BRYTHON__.use_VFS = true;\n__BRYTHON__.update_VFS({json.dumps(modules)});\n"


def page(app_dir: Path, token: str) -> str:
    """The HTML page that loads Brython and the bundle and opens the app's startup form."""
    metadata = _config(app_dir).get("metadata") or {}
    icon = re.sub(r"^asset:", "/_/theme/", metadata.get("logo_img") or "data:,")
    words = {name: metadata.get(name, "") for name in ("title", "description")} | {"icon": icon, "token": token}
    text = (BROWSER / "page.html").read_text(encoding="utf-8")
    return Template(text).substitute({name: escape(str(value)) for name, value in words.items()})


def _text(path: Path, where: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise AppError(f"{where} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise AppError(f"{where} is not UTF-8 text") from error


def _python(path: Path, where: str) -> str:
    source = _text(path, where)
    try:
        ast.parse(source)
    except SyntaxError as error:
        raise AppError(f"{where}, line {error.lineno or 1}: {error.msg}") from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise AppError(f"{where} is not Python: {error}") from error
    return source


def _yaml(path: Path, where: str) -> dict[str, Any]:
    try:
        content = yaml.safe_load(_text(path, where))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise AppError(f"{where} is not YAML: {error}") from error
    return _mapping(content, where)


def _mapping(value: object, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise AppError(f"{where} is {'empty' if value is None else 'not a mapping of names to values'}")
    return value


def _config(app_dir: Path) -> dict[str, Any]:
    config = _yaml(app_dir / "anvil.yaml", "anvil.yaml")
    for key in ("metadata", "startup", "runtime_options"):
        _mapping(config.get(key) or {}, f"anvil.yaml: {key}")
    package, startup = config.get("package_name"), config.get("startup") or {}
    if not isinstance(package, str) or not package.isidentifier():
        raise AppError("anvil.yaml: package_name must be the name of a Python package")
    if startup.get("type") != "form" or not isinstance(startup.get("module"), str):
        raise AppError("anvil.yaml: startup must be a form, as in {type: form, module: Main}")
    if (config.get("runtime_options") or {}).get("version") != 3:
        raise AppError("anvil.yaml: only runtime version 3 is known here")
    for key in ("dependencies", "native_deps", "client_init_module"):
        if config.get(key):
            raise AppError(f"anvil.yaml: {key} is not known here")
    return config


def _library(config: dict[str, Any]) -> dict[str, Module]:
    modules = {}
    for path in sorted((BROWSER / "anvil").glob("*.py")):
        source = path.read_text(encoding="utf-8")
        name = "anvil" if path.stem == "__init__" else f"anvil.{path.stem}"
        modules[name] = _module(source, path.stem == "__init__")
    modules["anvil.catalog"] = _module((BROWSER / "catalog.py").read_text(encoding="utf-8"))
    constants = f"PACKAGE = {config['package_name']!r}\nSTARTUP = {config['startup']['module']!r}\n"
    modules["anvil.app_"] = _module(constants)
    return modules


def _module(source: str, is_package: bool = False) -> Module:
    return [".py", source, [], 1] if is_package else [".py", source, []]


def _app(app_dir: Path, package: str) -> dict[str, Module]:
    code = app_dir / "client_code"
    modules = {package: _module("", True)}
    for path in sorted(code.rglob("*.py")):
        where = path.relative_to(code)
        is_package = path.name == "__init__.py"
        parts = where.parent.parts if is_package else where.with_suffix("").parts
        name = ".".join((package, *parts))
        modules[name] = _module(_python(path, where.as_posix()), is_package)
        template = path.parent / "form_template.yaml"
        if is_package and template.exists():
            modules[f"{name}._anvil_designer"] = _module(_Form(app_dir, template).designer())
    for path in code.rglob("form_template.html"):
        raise AppError(f"{path.relative_to(code)}: HTML form templates are not known here")
    return modules


class _Form:
    """One form template, checked against the catalog."""

    def __init__(self, app_dir: Path, path: Path) -> None:
        self.app_dir = app_dir
        self.name = path.parent.name
        self.where = f"{path.parent.relative_to(app_dir / 'client_code')}/{path.name}"
        self.spec = _yaml(path, self.where)
        tree = ast.parse((path.parent / "__init__.py").read_text(encoding="utf-8"))
        self.methods = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}

    def refuse(self, thing: str) -> AppError:
        return AppError(f"{self.where}: {thing} is not known here")

    def designer(self) -> str:
        """The source of the form's `_anvil_designer` module."""
        for key in self.spec.keys() - {"container", "components", "is_package"}:
            raise self.refuse(f"{key!r}")
        container = self.container()
        specs = [_mapping(spec, f"{self.where}: a component") for spec in self.spec.get("components") or []]
        components = [self.component(spec, self.slots) for spec in specs]
        return (
            "from anvil._designer import template\n"
            f"{self.name}Template = template({self.name + 'Template'!r}, {container!r}, {components!r})\n"
        )

    def container(self) -> dict[str, Any]:
        container = _mapping(self.spec.get("container"), f"{self.where}: container")
        if container.get("type") != "HtmlTemplate":
            raise self.refuse(f"a {container.get('type')} as the container of a form")
        checked = self.checked(container, "the form")
        checked["properties"]["html"] = text = self.html(str(checked["properties"].get("html", "")))
        self.slots = _slots(text, self)
        return checked

    def html(self, text: str) -> str:
        if match := re.fullmatch(r"@theme:(.+)", text):
            path = self.app_dir / "theme" / "assets" / match[1]
            if not path.is_file():
                raise AppError(f"{self.where}: there is no theme/assets/{match[1]}")
            return _text(path, f"theme/assets/{match[1]}")
        return text

    def component(self, spec: dict[str, Any], slots: set[str]) -> dict[str, Any]:
        name = spec.get("name", "a component without a name")
        checked = self.checked(spec, name)
        layout = _mapping(spec.get("layout_properties") or {}, f"{self.where}: {name}: layout_properties")
        for key in layout.keys() - {"slot"}:
            raise self.refuse(f"{name}: layout property {key}")
        slot = layout.get("slot")
        if checked["type"] != "Timer" and slot not in slots:
            raise AppError(f"{self.where}: {name}: the form has no slot {slot!r}")
        return {"name": name, "slot": slot, **checked}

    def checked(self, spec: dict[str, Any], name: str) -> dict[str, Any]:
        kind = str(spec.get("type"))
        properties, bindings = (
            _mapping(spec.get(key) or {}, f"{self.where}: {name}: {key}") for key in ("properties", "event_bindings")
        )
        if kind not in catalog.PROPERTIES:
            raise self.refuse(f"{name}: component {kind}")
        for key in spec.keys() - SPEC_KEYS:
            raise self.refuse(f"{name}: {key}")
        for key, value in properties.items():
            if key not in catalog.properties(kind):
                raise self.refuse(f"{name}: property {key} of {kind}")
            if value not in catalog.CHOICES.get((kind, key), [value]):
                raise self.refuse(f"{name}: {key} {value!r} of {kind}")
        for event, method in bindings.items():
            if event not in catalog.events(kind):
                raise self.refuse(f"{name}: event {event} of {kind}")
            if method not in self.methods:
                raise AppError(f"{self.where}: {name}: the form has no method {method}")
        return {"type": kind, "properties": dict(properties), "event_bindings": dict(bindings)}


def _slots(text: str, form: _Form) -> set[str]:
    """The names of the slots in a form's HTML."""
    slots: set[str] = set()

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag == "script":
                raise form.refuse("<script> in a form")
            for name, value in attrs:
                if name == "anvil-slot" and value:
                    slots.add(value)
                elif name in REFUSED_IN_HTML or name.startswith("anvil:"):
                    raise form.refuse(f"attribute {name} in a form")

    Reader().feed(text)
    return slots


def _standard_library(modules: dict[str, Module]) -> dict[str, Module]:
    """The modules of Brython's library that these import, with all that those need in turn."""
    wanted = {name for path, module in modules.items() for name in _imported(path, module[1], bool(module[3:]))}
    found: dict[str, Module] = {}
    while wanted:
        name = wanted.pop()
        if name in modules or name in found or name in BUILT_INTO_BRYTHON:
            continue
        if name not in _brython_library():
            raise AppError(f"module {name}, which the app imports, does not exist in the browser")
        found[name] = _brython_library()[name]
        # A JavaScript module lists no imports, and what a Python one lists may be a plain attribute.
        listed = found[name][2] if len(found[name]) > 2 else []
        wanted |= {other for other in listed if other in _brython_library()}
    return found


def _imported(path: str, source: str, is_package: bool) -> set[str]:
    """Absolute names of the modules that a source imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add(node.module or "")
        elif isinstance(node, ast.ImportFrom):
            parts = path.split(".")
            package = parts[: len(parts) - node.level + is_package]
            base = ".".join([*package, *([node.module] if node.module else [])])
            names |= {base} if node.module else {f"{base}.{alias.name}" for alias in node.names}
    return names


@functools.cache
def _brython_library() -> dict[str, Module]:
    """The standard library that the installed brython package brings, by module name."""
    text = files("brython").joinpath("data", "brython_stdlib.js").read_text(encoding="utf-8")
    start = text.index("var scripts = ") + len("var scripts = ")
    library = json.JSONDecoder().raw_decode(text, start)[0]
    del library["$timestamp"]
    return dict(library)
