"""The settings of classifying: models, threads, limits. `.env.example` says what each means."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from classifier.environment import CHECKOUT, Environment, folder, number, whole
from classifier.limits import DEFAULT_LIMITS, PhotoLimits

# The owner's own models: beside a checkout, else in the home folder.
_OWN = CHECKOUT / "models" if CHECKOUT else Path.home() / ".uplink-image-classifier" / "models"


@dataclass(frozen=True)
class Settings:
    """All settings with their defaults."""

    models_dir: Path = _OWN
    shipped_models: tuple[str, ...] | None = None  # None: all of them
    default_model: str = "cats_vs_dogs"
    threads: int = 2
    max_upload_mb: float = 20
    max_megapixels: float = DEFAULT_LIMITS.max_megapixels

    @property
    def photo_limits(self) -> PhotoLimits:
        """The limits on one upload."""
        return PhotoLimits(max_bytes=int(self.max_upload_mb * 2**20), max_megapixels=self.max_megapixels)

    @classmethod
    def load(cls, environment: Environment | None = None) -> Self:
        """Read the settings. Raises SettingsError, naming the variable and the fix, for a value that cannot be used."""
        read = (environment or Environment()).read
        return cls(
            models_dir=read("CLASSIFIER_MODELS_DIR", folder, cls.models_dir),
            shipped_models=read("CLASSIFIER_SHIPPED_MODELS", _names, cls.shipped_models),
            default_model=read("CLASSIFIER_DEFAULT_MODEL", str, cls.default_model),
            threads=read("CLASSIFIER_THREADS", whole(1, 64), cls.threads),
            max_upload_mb=read("CLASSIFIER_MAX_UPLOAD_MB", number(0.01, 200), cls.max_upload_mb),
            max_megapixels=read(
                "CLASSIFIER_MAX_MEGAPIXELS", number(0.01, DEFAULT_LIMITS.max_megapixels), cls.max_megapixels
            ),
        )


def _names(text: str) -> tuple[str, ...]:
    return () if text == "none" else tuple(name.strip() for name in text.split(",") if name.strip())
