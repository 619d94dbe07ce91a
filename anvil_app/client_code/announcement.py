"""What a screen reader says of a change on the page."""

import anvil.js


def announce(text: str):
    """Have a text read out; the same text twice in a row is read once."""
    anvil.js.window.document.querySelector(".announcement").textContent = text
