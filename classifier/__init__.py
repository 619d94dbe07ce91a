"""Everything that happens to one photo: untrusted bytes in, a calibrated prediction out. No TensorFlow here.

from classifier import Classifier

Classifier("cats_vs_dogs").classify("dog.jpg").label

docs/API.md tells the rest. What goes wrong is a `classifier.errors.ClassifierError`.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from classifier.classifier import Classifier, Prediction

__all__ = ["Classifier", "Prediction"]


def __getattr__(name: str) -> Any:
    # Late, so that who needs only the settings, or a decoder in a process of its own, does not wait for the networks.
    if name in __all__:
        from classifier import classifier

        return getattr(classifier, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
