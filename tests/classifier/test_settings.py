"""The settings of classifying."""

from pathlib import Path

import pytest

from classifier.environment import Environment
from classifier.errors import SettingsError
from classifier.settings import Settings

NO_FILE = Path("there-is-no-such-file")


def load(**values: str) -> Settings:
    return Settings.load(Environment(values, NO_FILE))


def test_nothing_set_gives_the_defaults() -> None:
    assert load() == Settings()


def test_each_setting_is_read_from_its_variable(tmp_path: Path) -> None:
    assert load(
        CLASSIFIER_MODELS_DIR=str(tmp_path),
        CLASSIFIER_SHIPPED_MODELS="cats_vs_dogs, cifar10",
        CLASSIFIER_DEFAULT_MODEL="mine",
        CLASSIFIER_THREADS="4",
        CLASSIFIER_MAX_UPLOAD_MB="1.5",
        CLASSIFIER_MAX_MEGAPIXELS="8",
    ) == Settings(tmp_path, ("cats_vs_dogs", "cifar10"), "mine", threads=4, max_upload_mb=1.5, max_megapixels=8)


def test_none_of_the_shipped_models_may_be_wanted() -> None:
    assert load(CLASSIFIER_SHIPPED_MODELS="none").shipped_models == ()


def test_own_models_lie_beside_the_checkout() -> None:
    assert Settings.models_dir == Path(__file__).parents[2] / "models"


def test_names_that_other_programs_use_are_left_to_them() -> None:
    assert load(LOG_LEVEL="trace", THREADS="128", MODELS_DIR="/no/such/folder", DEFAULT_MODEL="gpt") == Settings()


@pytest.mark.parametrize(
    ("name", "value", "fix"),
    [
        ("CLASSIFIER_THREADS", "many", "a whole number from 1 to 64"),
        ("CLASSIFIER_THREADS", "0", "a whole number from 1 to 64"),
        ("CLASSIFIER_MAX_UPLOAD_MB", "nan", "a number from 0.01 to 200"),
        ("CLASSIFIER_MAX_MEGAPIXELS", "1000", "a number from 0.01 to 205"),
        ("CLASSIFIER_MODELS_DIR", "there-is-no-such-folder", "a folder that exists"),
    ],
)
def test_a_bad_value_is_refused_with_its_name_and_the_fix(name: str, value: str, fix: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name} is '{value}'; it must be {fix}"):
        load(**{name: value})


def test_upload_limits_are_those_of_the_settings() -> None:
    limits = load(CLASSIFIER_MAX_UPLOAD_MB="1.5", CLASSIFIER_MAX_MEGAPIXELS="8").photo_limits
    assert (limits.max_bytes, limits.max_megapixels) == (1_572_864, 8)
