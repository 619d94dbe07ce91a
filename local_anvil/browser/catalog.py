"""What of Anvil this page knows: components with their properties (and defaults) and events.

One table for both sides: `local_anvil.forms` checks an app against it before anything is served, and the component
library in the browser makes its properties from it. Names and defaults are those of Anvil's version 3 client.
"""

EVERY_COMPONENT: dict[str, object] = {"visible": True, "role": None}

PROPERTIES: dict[str, dict[str, object]] = {
    "HtmlTemplate": {"html": ""},
    "Label": {"text": ""},
    "Button": {"text": ""},
    "FileLoader": {"text": "Upload", "multiple": False, "file_types": None, "show_state": True},
    "Image": {"source": None, "alt_text": "", "display_mode": "shrink_to_fit"},
    "DropDown": {"items": [], "selected_value": None},
    "RepeatingPanel": {"items": None, "item_template": None},
    "Timer": {"interval": 0.5},
}

# Besides show, which every component has.
EVENTS: dict[str, list[str]] = {
    "Button": ["click"],
    "FileLoader": ["change"],
    "DropDown": ["change"],
    "Timer": ["tick"],
}

# Properties that can take just these values here, where Anvil knows more.
CHOICES: dict[tuple[str, str], list[object]] = {
    ("Image", "display_mode"): ["original_size"],
    ("FileLoader", "show_state"): [False],
}


def properties(kind: str) -> dict[str, object]:
    """Every property of a component of that kind with its default. Raises KeyError for an unknown kind."""
    return {**EVERY_COMPONENT, **PROPERTIES[kind]}


def events(kind: str) -> list[str]:
    """The events of a component of that kind."""
    return ["show", *EVENTS.get(kind, [])]
