"""Where a model goes. No TensorFlow here, so that what is wrong is said at once."""

import tempfile
from pathlib import Path

from train.errors import TargetError


def prepare(models: Path) -> None:
    """Make the folder for models, before any work. Raises TargetError where it cannot be written."""
    try:
        models.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=models):
            pass
    except OSError as error:
        raise TargetError(
            f"{models} cannot be written ({error.strerror}). Choose another folder with --models."
        ) from None
