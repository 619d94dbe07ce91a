"""What decoding at reduced scale changes in the answers is measured with the model that is served by default."""

from benchmarks import photos
from benchmarks.in_process import change


def test_a_large_photo_is_decoded_at_reduced_scale_and_answered_nearly_the_same() -> None:
    sets = photos.drawn(1, {"2mp": (1600, 1200), "small": (180, 180)})
    found = change([*sets["2mp_baseline"], *sets["small_baseline"]])
    assert (found.photos, found.reduced) == (2, 1)
    assert 0 < found.largest < 0.1
    assert found.within_bounds
