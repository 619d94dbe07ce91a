"""The answers as a table for a spreadsheet."""

from .request import ANSWERED

COLUMNS = ["file", "label", "confidence", "unsure", "model"]
# A spreadsheet would take a cell that begins so for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv(requests: list) -> str:
    """One row for each photo, RFC 4180; a photo without an answer has only its file's name."""
    rows = [COLUMNS] + [row(request) for request in requests]
    return "".join([",".join([cell(value) for value in values]) + "\r\n" for values in rows])


def row(request) -> list:
    if request.state != ANSWERED:
        return [request.name, "", "", "", ""]
    reply = request.reply
    unsure = "true" if reply["unsure"] else "false"
    return [request.name, reply["label"], f"{reply['confidence']:.4f}", unsure, reply["model"]]


def cell(text: str) -> str:
    """A cell's text, quoted where it needs to be; one that looks like a formula is marked as text."""
    if text.startswith(FORMULA):
        text = "'" + text
    if any(letter in text for letter in ',"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text
