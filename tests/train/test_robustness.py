"""The changes that an answer has to bear."""

from pathlib import Path

import numpy as np
from PIL import Image

from train import robustness


def _changed(tmp_path: Path) -> dict[str, np.ndarray]:
    ramp = np.linspace(40, 200, 90).astype(np.uint8)
    picture = np.stack(np.broadcast_arrays(ramp[:, None], ramp[None, :], np.uint8(80)), -1)
    Image.fromarray(picture).save(tmp_path / "a.png")
    found = dict(robustness.changed([tmp_path / "a.png"] * 2, 48, 48, "squash"))
    plain = np.asarray(Image.fromarray(picture).resize((48, 48), Image.Resampling.BILINEAR), float)
    return found | {"plain": plain[None]}


def test_every_change_gives_pictures_of_the_networks_size(tmp_path: Path) -> None:
    found = _changed(tmp_path)
    assert set(found) == {*robustness.CHANGES, "plain"}
    assert all(found[name].shape == (2, 48, 48, 3) for name in robustness.CHANGES)


def test_changes_do_what_they_are_called(tmp_path: Path) -> None:
    found = _changed(tmp_path)
    plain = found["plain"]
    assert np.ptp(found["grey"].astype(int), axis=-1).max() == 0
    assert found["30 % brighter"].mean() / plain.mean() > 1.25
    assert found["30 % darker"].mean() / plain.mean() < 0.75
    assert np.abs(found["JPEG quality 30"] - plain).mean() < 6
    assert np.abs(found["half size"] - plain).mean() < 6
    assert found["turned 15 degrees"][0, 0, 0].sum() == 0
    assert np.ptp(found["centre 70 %"][..., 0]) < 0.8 * np.ptp(plain[..., 0])


def test_photos_from_elsewhere_are_turned_small_and_blurred() -> None:
    photo = Image.new("RGB", (100, 60), (10, 20, 30))
    photo.paste((250, 240, 230), (0, 0, 100, 30))  # a bright upper half
    turned, over, small, blurred = (np.asarray(change(photo)) for change in robustness.ELSEWHERE.values())
    assert turned.shape == (100, 60, 3)
    assert turned[:, :25].mean() > turned[:, 35:].mean() + 100, "what was above is at the left"
    assert over[:25].mean() < over[35:].mean() - 100
    assert small.shape == (60, 100, 3)
    assert (small[0, 0] == [130, 130, 130]).all(), "the mean colour around it"
    assert small[13:28, 25:75].mean() > 235
    assert small[32:47, 25:75].mean() < 25
    edge = blurred[28:32].astype(int).mean((1, 2))
    assert np.abs(np.diff(edge)).max() < 100, "the edge is no longer one"
