"""The bank of the synthetic features."""

import numpy as np
import pytest
from numpy.typing import NDArray

from teach import corrections, lesson
from tests.teach import features


@pytest.fixture
def synthetic_bank(monkeypatch: pytest.MonkeyPatch) -> NDArray[np.float16]:
    found = features.bank()
    for module in (lesson, corrections):
        monkeypatch.setattr(module, "read_bank", lambda trunk: found)
    return found
