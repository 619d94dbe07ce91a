"""What can go wrong with a call, and what the page says and does about it."""

from .words import language, say

# What the page does next: nothing by itself, send the photo once more, or send it when the worker is back.
STOP, RESEND, WAIT = "stop", "resend", "wait"

# The last part of the error's type: the word for it, what to do next, and whether trying again makes sense.
TROUBLES = {
    "NotAPhoto": ("not_a_photo", STOP, False),
    "UnsupportedFormat": ("format", STOP, False),
    "Truncated": ("truncated", STOP, False),
    "TooLarge": ("too_large", STOP, False),
    "Busy": ("busy", STOP, True),
    "Timeout": ("timeout", STOP, True),
    "TimeoutError": ("timeout", STOP, True),
    "UnknownModel": ("unknown_model", STOP, True),
    "UplinkDisconnectedError": ("lost", RESEND, True),
    "UplinkDisconnected": ("lost", RESEND, True),
    "NoServerFunctionError": ("away", WAIT, False),
    "RuntimeUnavailableError": ("away", WAIT, False),
    "AppOfflineError": ("offline", WAIT, False),
    "SessionExpiredError": ("expired", STOP, False),
    "Unauthorized": ("unauthorized", STOP, False),
    "BadRequest": ("refused", STOP, False),
    "InternalError": ("internal", STOP, True),
    "NoCamera": ("no_camera", STOP, False),
    "NotAFile": ("not_a_file", STOP, False),
    "Unsendable": ("unsendable", STOP, True),
    # Ours: a call that was given up on, for the worker said nothing, and for there are others that do.
    "Silent": ("silent", WAIT, False),
    "Overdue": ("overdue", RESEND, True),
}

# What can be wrong with a request that a person makes at the page, as the worker's errors name it in `kind`.
KINDS = ("name", "taken", "label", "few", "many", "trunk", "gone")

# How Anvil says it in the text of errors that can mean other things as well: no worker is there at all, or the worker
# was lost during the call (in a narrow race under a type of its own, of which only the text is left).
NOBODY_THERE = ("has been disconnected", "Server runtime not available")
LOST = "Uplink disconnected"


def of(error: dict) -> dict:
    """What to say and do about `{"type", "message"}`, be it a worker's refusal or a call that failed.

    Keys of the result: name (of the trouble), headline, advice (texts), next (STOP, RESEND or WAIT) and again
    (whether a button to try again makes sense). An unknown type is shown with its own message.
    """
    kind = error["type"].split(".")[-1]
    message = error["message"] or ""
    name, step, again = TROUBLES.get(kind, ("unknown", STOP, True))
    if any(text in message for text in NOBODY_THERE):
        name, step, again = TROUBLES["NoServerFunctionError"]
    elif message == LOST:
        name, step, again = TROUBLES["UplinkDisconnectedError"]
    advice = say(name + "_advice")
    if name == "unknown" and message:
        advice = message + " " + advice
    elif name == "refused":
        advice = reason(error) or advice
    return {"name": name, "headline": say(name), "advice": advice, "next": step, "again": again}


def reason(error: dict) -> str:
    """Why a worker refuses a request, with what to do then: in its own words, or, in another language, by the `kind`
    of error, and empty where it names none.
    """
    if language() == "en":
        return error["message"]
    kind = error.get("kind")
    return say("refused_" + kind) if kind in KINDS else ""


def state(trouble: dict) -> str:
    """How the page shows it: "waiting" and "trouble" keep the photo in sight, "refused" asks for another one."""
    if trouble["next"] == WAIT:
        return "waiting"
    return "trouble" if trouble["again"] else "refused"


def from_exception(error: Exception) -> dict:
    """An exception of a call in the shape of a worker's refusal: `{"type", "message"}`.

    A type that Anvil does not know comes wrapped, its name in the wrapper's `error_obj`.
    """
    wrapped = getattr(error, "error_obj", None) or {}
    return {"type": wrapped.get("type") or type(error).__name__, "message": str(error)}
