"""What of Anvil this page knows: components with their properties (and defaults) and events.

One table for both sides: `local_anvil.forms` checks an app against it before anything is served, and the component
library in the browser makes its properties from it. Names and defaults are those of Anvil's version 3 client.
"""

EVERY_COMPONENT = {"visible": True, "role": None, "tooltip": ""}

COMPONENTS = {
    "HtmlTemplate": {"properties": {"html": ""}, "events": ["show", "hide"]},
    "Label": {"properties": {"text": ""}, "events": ["show", "hide"]},
    "Button": {"properties": {"text": "", "enabled": True}, "events": ["click", "show", "hide"]},
    "FileLoader": {
        "properties": {"text": "Upload", "multiple": False, "file_types": None, "show_state": True, "enabled": True},
        "events": ["change", "show", "hide"],
    },
    "Image": {
        "properties": {"source": None, "alt_text": "", "display_mode": "shrink_to_fit"},
        "events": ["show", "hide"],
    },
    "DropDown": {
        "properties": {"items": [], "selected_value": None, "enabled": True},
        "events": ["change", "show", "hide"],
    },
    "RepeatingPanel": {"properties": {"items": None, "item_template": None}, "events": ["show", "hide"]},
    "Timer": {"properties": {"interval": 0.5}, "events": ["tick", "show", "hide"]},
}

# Values that a property can take here, where Anvil knows more.
CHOICES = {("Image", "display_mode"): ["original_size"], ("FileLoader", "show_state"): [False]}


def properties(kind: str) -> dict:
    """Every property of a component of that kind with its default."""
    return {**EVERY_COMPONENT, **COMPONENTS[kind]["properties"]}
