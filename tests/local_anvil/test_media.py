"""Media in chunks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_anvil.media import Reassembly, chunks


@pytest.mark.parametrize(
    ("size", "sizes"), [(0, [0]), (1, [1]), (65_536, [65_536]), (65_537, [65_536, 1]), (131_072, [65_536, 65_536])]
)
def test_media_are_cut_into_chunks_of_65536_bytes_and_at_least_one(size: int, sizes: list[int]) -> None:
    pairs = list(chunks("r", "m", bytes(size)))
    assert [len(blob) for _, blob in pairs] == sizes
    assert [header.last for header, _ in pairs] == [False] * (len(sizes) - 1) + [True]
    assert [header.index for header, _ in pairs] == list(range(len(sizes)))


@given(st.dictionaries(st.text(min_size=1), st.lists(st.binary(max_size=20), min_size=1), max_size=4), st.randoms())
def test_chunks_of_any_size_in_any_interleaving_make_the_media_again(parts: dict[str, list[bytes]], order) -> None:
    assembly = Reassembly(parts)
    queue = {media: list(blobs) for media, blobs in parts.items()}
    while queue:
        assert not assembly.complete
        media = order.choice(sorted(queue))
        blob = queue[media].pop(0)
        assembly.add(media, blob, not queue[media])
        if not queue[media]:
            del queue[media]
    assert assembly.complete
    assert {media: assembly.data(media) for media in parts} == {
        media: b"".join(blobs) for media, blobs in parts.items()
    }


def test_chunks_that_do_not_belong_change_nothing() -> None:
    assembly = Reassembly(["m"])
    assembly.add("other", b"x", last=True)
    assembly.add("m", b"1", last=True)
    assembly.add("m", b"2", last=True)
    assert assembly.data("m") == b"1"
