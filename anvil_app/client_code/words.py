"""Every word the page says, one table for each language."""

LANGUAGE = "en"

WORDS = {
    "en": {
        "name": "Photo classifier",
        "title": "What is in the photo?",
        "lead": "Drop in a photo and see what a small neural network makes of it.",
        "drop_here": "Drop a photo anywhere on this page",
        "or_paste": "You can paste one, too. JPEG, PNG or WebP.",
        "let_go": "Let go to classify it",
        "privacy": "Photos go to the worker of whoever runs this page. They are not kept.",
        "photo_area": "Photo",
        "answer_area": "Answer",
        "choose": "Choose a photo",
        "choose_another": "Another photo",
        "try_again": "Try again",
        "heat_show": "Show where it looked",
        "heat_hide": "Hide where it looked",
        "heat_alt": "Heat map of where the network looked",
        "model": "Model",
        "photo_alt": "Your photo, {file}",
        "a_file": "without a name",
        "looking": "Looking …",
        "looking_advice": "This takes a moment.",
        "resending": "Once more …",
        "resending_advice": "The worker went away while it was looking. Your photo is on its way again.",
        "first_of_many": "One photo at a time: this is the first of {count}.",
        "announce": "{headline}, {confidence}.",
        "unsure": "Not sure",
        "unsure_confidence": "{label}, {percent}?",
        "unsure_advice": "The network would not bet on it. Try a sharper photo in which the animal fills more of the "
        "picture, and remember that it knows only what is listed below.",
        "percent": "{number} %",
        "nearly_all": "over 99 %",
        "nearly_none": "under 1 %",
        "footnote": "{milliseconds} ms · {model}",
        "worker_checking": "Looking for the worker",
        "worker_ready": "Worker ready",
        "worker_draining": "Worker about to restart",
        "worker_away": "Worker away",
        "worker_offline": "No connection",
        "worker_expired": "Please reload the page",
        "away": "The worker is away",
        "away_advice": "Nobody can look at your photo just now. It stays here and is sent by itself as soon as the "
        "worker is back.",
        "lost": "The worker went away twice",
        "lost_advice": "It was lost both times while it looked at this photo. Try again in a moment, or try another "
        "photo.",
        "offline": "No connection",
        "offline_advice": "This page cannot reach its server. Your photo stays here and is sent by itself as soon as "
        "the connection is back.",
        "not_a_photo": "This is not a photo",
        "not_a_photo_advice": "The file holds something else, whatever its name says. Choose a JPEG, PNG or WebP "
        "picture.",
        "format": "This kind of picture is not read here",
        "format_advice": "Save it as JPEG, PNG or WebP and try that.",
        "truncated": "The photo is damaged",
        "truncated_advice": "Part of the file is missing. Copy it again from where it came from, or choose another.",
        "too_large": "The photo is too large",
        "too_large_advice": "Make it smaller, or send a screenshot of it: the network needs no more than a thumbnail.",
        "busy": "The worker is busy",
        "busy_advice": "Others are waiting in front of you. Try again in a few seconds.",
        "timeout": "It took too long",
        "timeout_advice": "The worker did not answer in time. Try again, or try a smaller photo.",
        "unknown_model": "That model is gone",
        "unknown_model_advice": "The worker does not offer it any more. Choose another model and try again.",
        "expired": "This page has been open for long",
        "expired_advice": "Reload it to go on.",
        "unknown": "Something went wrong",
        "unknown_advice": "Try again. If it happens again, tell whoever runs this page.",
        "not_a_file": "That was not a file",
        "not_a_file_advice": "Save the picture first, then drop the file here.",
    },
}


def say(word: str, **values) -> str:
    """The text for a word in the page's language, with its values filled in. Raises KeyError for an unknown word."""
    return WORDS[LANGUAGE][word].format(**values)


def label(name: str) -> str:
    """A model's label as a person writes it: `arctic_fox` becomes "Arctic fox"."""
    text = name.replace("_", " ")
    return text[:1].upper() + text[1:]


def percent(probability: float) -> str:
    """A probability in words; never a flat 100 % or 0 %, which no network can mean."""
    if probability >= 0.995:
        return say("nearly_all")
    if probability < 0.005:
        return say("nearly_none")
    return say("percent", number=int(probability * 100 + 0.5))
