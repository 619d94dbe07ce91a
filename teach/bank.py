"""The bank: features of many other things, which every head learns to call *none of these*."""

import io
import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classifier.errors import ModelError
from classifier.trunk import BANK_FILE, FOLDER


def read_bank(trunk: str, folder: Path = FOLDER) -> NDArray[np.float16]:
    """Features float16 [N, 1280] of the bank that the trunk of this SHA-256 came with. Raises ModelError."""
    try:
        with np.load(io.BytesIO((folder / BANK_FILE).read_bytes()), allow_pickle=False) as arrays:
            features: NDArray[np.float16] = arrays["features"]
            made_by = str(arrays["trunk"])
    except (KeyError, ValueError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise ModelError(f"{BANK_FILE} cannot be read: {error}. It comes with the project.") from error
    if made_by != trunk:
        raise ModelError(f"{BANK_FILE} was made by another trunk than the one installed.")
    if features.dtype != np.float16 or features.ndim != 2 or not len(features) or not np.isfinite(features).all():
        raise ModelError(f"{BANK_FILE} does not hold features: float16 [N, 1280].")
    return features


def write_bank(features: NDArray[np.float16], trunk: str, folder: Path = FOLDER) -> None:
    """Write the bank of the trunk of this SHA-256, features float16 [N, 1280]."""
    beside = folder / f"{BANK_FILE}.new"
    with beside.open("wb") as file:
        np.savez(file, features=features, trunk=np.array(trunk))
    beside.replace(folder / BANK_FILE)
