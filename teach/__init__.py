"""A few photos of your own become a served model in seconds. No TensorFlow here.

from teach import teach

model = teach("photos/", name="flowers")

docs/TEACHING.md tells the rest. What goes wrong is a `classifier.errors.ClassifierError`.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from teach.teacher import Taught, teach

__all__ = ["Taught", "teach"]


def __getattr__(name: str) -> Any:
    # Late: a worker needs only the embeddings, and does not wait for SciPy.
    if name in __all__:
        from teach import teacher

        return getattr(teacher, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
