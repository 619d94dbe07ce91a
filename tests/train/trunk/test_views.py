"""Changed views: the right size, the same for the same seed, and each change what it says."""

import numpy as np
import pytest
from PIL import Image

from train.trunk import views
from train.trunk.views import Views

SIDE = 48


def picture(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (90, 90, 3), np.uint8)


def test_a_view_has_the_size_asked_for() -> None:
    look = Views(SIDE, 0)
    for _ in range(40):
        view = look(picture(), picture(1))
        assert view.shape == (SIDE, SIDE, 3)
        assert view.dtype == np.uint8


def test_the_same_seed_gives_the_same_views_and_another_others() -> None:
    first, again, other = ([Views(SIDE, seed)(picture(), picture(1)) for _ in range(3)] for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_picture_of_both_shows_both_in_halves() -> None:
    red, blue = (np.full((90, 90, 3), colour, np.uint8) for colour in ((255, 0, 0), (0, 0, 255)))
    view = Views(SIDE, 0).both(red, blue).astype(int)
    redder = view[..., 0] > view[..., 2]
    assert 0.2 < redder.mean() < 0.8


@pytest.mark.parametrize("name", ["_crop", "_turn", "_tilt", "_bars", "_screen", "_cover", "_blur", "_colour", "_jpeg"])
def test_each_change_changes_and_leaves_something_of_the_picture(name: str) -> None:
    before = Image.new("RGB", (90, 90), (200, 40, 40))
    before.paste((40, 40, 200), (20, 20, 60, 60))
    after = np.asarray(getattr(Views(SIDE, 3), name)(before.copy()))
    assert not np.array_equal(after, np.asarray(before))
    assert (after[..., 0].astype(int) - after[..., 2] > 30).any() or (
        after[..., 2].astype(int) - after[..., 0] > 30
    ).any()


def test_turned_pictures_are_turned_by_right_angles_only() -> None:
    source = picture()
    turns = {np.asarray(Views(SIDE, seed)._turn(Image.fromarray(source))).tobytes() for seed in range(30)}
    assert turns == {np.ascontiguousarray(np.rot90(source, times)).tobytes() for times in (1, 2, 3)}


def test_a_far_picture_is_smaller_and_the_ground_shows_around_it() -> None:
    white, black = (np.full((90, 90, 3), value, np.uint8) for value in (255, 0))
    seen = [np.asarray(Views(SIDE, seed)._far(Image.fromarray(white), black)) for seed in range(40)]
    on_backdrop = [view for view in seen if (view == 0).any() and (view == 255).any()]
    assert on_backdrop
    for view in on_backdrop:
        share = (view == 255).all(axis=-1).mean()
        assert 0.08 < share < 0.83


def test_every_change_is_made_at_times(monkeypatch: pytest.MonkeyPatch) -> None:
    made: set[str] = set()
    for name in ("_crop", "_turn", "_tilt", "_far", "_bars", "_screen", "_fit", "_cover", "_blur", "_colour", "_jpeg"):
        true = getattr(views.Views, name)

        def noted(
            self: Views, image: Image.Image, *rest: object, _name: str = name, _true: object = true
        ) -> Image.Image:
            made.add(_name)
            return _true(self, image, *rest)  # type: ignore[operator,no-any-return]

        monkeypatch.setattr(views.Views, name, noted)
    look = Views(SIDE, 0)
    for _ in range(200):
        look(picture(), picture(1))
    assert len(made) == 11


def test_about_one_view_in_five_is_the_picture_as_it_is_or_its_mirror() -> None:
    look, source = Views(90, 0), picture()
    as_they_are = {source.tobytes(), np.ascontiguousarray(source[:, ::-1]).tobytes()}
    kept = sum(look(source, picture(1)).tobytes() in as_they_are for _ in range(400))
    assert 50 < kept < 120
