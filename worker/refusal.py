"""What a caller gets in place of an answer: data, since an exception would carry absolute paths of this machine."""

import logging
from typing import Any

from classifier.errors import ClassifierError

log = logging.getLogger("worker")

INTERNAL = ClassifierError("The worker could not answer. Its owner finds the reason in its log.")


def refusal(error: Exception) -> dict[str, Any]:
    """`{"error": {"type", "message"}}`. What is for the owner alone goes into the log instead."""
    if isinstance(error, ClassifierError) and error.type != INTERNAL.type:
        return dict(error.as_dict())
    log.error("call failed", exc_info=error)
    return dict(INTERNAL.as_dict())
