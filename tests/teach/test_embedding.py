"""A photo as teaching keeps it: how it travels, and that every way to give it gives the same."""

import numpy as np
import pytest
from PIL import Image

from classifier.errors import BadRequestError, NotAPhotoError
from classifier.settings import Settings
from teach.embedding import Embedder, Embedding
from tests.classifier.pictures import encoded
from tests.teach.drawn import thing

TRUNK, OTHER = "ab" * 32, "cd" * 32


def embedding(seed: int = 0) -> Embedding:
    rng = np.random.default_rng(seed)
    return Embedding(rng.normal(size=1280).astype(np.float16), rng.bytes(32))


def test_it_travels_in_2600_bytes() -> None:
    data = embedding().pack(TRUNK)
    assert len(data) == 2600
    [found] = Embedding.unpack(data, TRUNK, 1280)
    assert found.hash == embedding().hash
    np.testing.assert_array_equal(found.features, embedding().features)


def test_several_travel_as_one() -> None:
    data = b"".join(embedding(seed).pack(TRUNK) for seed in range(3))
    assert [found.hash for found in Embedding.unpack(data, TRUNK, 1280)] == [embedding(seed).hash for seed in range(3)]


@pytest.mark.parametrize("data", [b"", b"x", embedding().pack(TRUNK)[:-1], embedding().pack(TRUNK) + b"x"])
def test_what_is_none_is_refused(data: bytes) -> None:
    with pytest.raises(BadRequestError, match="not the features"):
        Embedding.unpack(data, TRUNK, 1280)


def test_one_of_another_trunk_is_refused() -> None:
    with pytest.raises(BadRequestError, match="another trunk"):
        Embedding.unpack(embedding().pack(OTHER), TRUNK, 1280)


def test_values_that_are_not_finite_are_refused() -> None:
    bad = embedding().features.copy()
    bad[7] = np.nan
    with pytest.raises(BadRequestError, match="not finite"):
        Embedding.unpack(Embedding(bad, bytes(32)).pack(TRUNK), TRUNK, 1280)


def test_photos_come_in_any_form_and_order_is_kept(trunk: None) -> None:
    embedder = Embedder(Settings())
    picture = thing("disc", 0)
    pixels = np.asarray(picture)
    found = list(embedder.embed_many([encoded(picture, "PNG"), b"no photo", picture, pixels, thing("cross", 1)]))
    assert isinstance(found[1], NotAPhotoError)
    first, _, *others = found
    for other in others[:2]:
        assert isinstance(first, Embedding)
        assert isinstance(other, Embedding)
        np.testing.assert_array_equal(first.features, other.features)
        assert first.hash == other.hash
    assert isinstance(others[2], Embedding)
    assert np.abs(others[2].features - first.features).max() > 0.1


def test_a_smaller_copy_has_nearly_the_same_features(trunk: None) -> None:
    embedder = Embedder(Settings())
    picture = thing("disc", 0, (960, 800))
    one, other = (embedder.embed(given).features.astype(np.float32) for given in (picture, picture.resize((480, 400))))
    assert np.corrcoef(one, other)[0, 1] > 0.9
    assert isinstance(picture, Image.Image)
