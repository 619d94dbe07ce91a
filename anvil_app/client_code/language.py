"""The language of the page: found out, remembered, and written into its HTML."""

import anvil.js

from . import words
from .words import say

KEPT_AS = "language"


def wished() -> str:
    """The language to begin with: the one chosen here before, else the first of the browser's that there is."""
    window = anvil.js.window
    wishes = list(window.navigator.languages)
    try:
        wishes.insert(0, window.localStorage.getItem(KEPT_AS))
    except Exception:
        # A browser may keep nothing for a page.
        return words.preferred(wishes)
    return words.preferred(wishes)


def switch():
    """Speak the other language, and remember it."""
    words.use(words.other_language())
    try:
        anvil.js.window.localStorage.setItem(KEPT_AS, words.language())
    except Exception:
        # It is asked for again next time.
        return


def write(page):
    """Fill the words into the HTML of the page: `data-word` names an element's text, `data-word-label` its label."""
    document = anvil.js.window.document
    document.documentElement.setAttribute("lang", words.language())
    document.title = say("title")
    fill(page)


def fill(form):
    """Fill the words into the HTML of a form, or of all of them."""
    for node in every(form, "[data-word]"):
        node.textContent = say(node.getAttribute("data-word"))
    for node in every(form, "[data-word-label]"):
        node.setAttribute("aria-label", say(node.getAttribute("data-word-label")))


def every(page, selector: str) -> list:
    found = page.querySelectorAll(selector)
    return [found.item(index) for index in range(found.length)]
