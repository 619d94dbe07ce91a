"""Each process reads its own part of every batch, and together they read what one process would."""

import numpy as np
import pytest

from train.hosts.share import Share, in_turn, shuffled

IMAGES = np.arange(22, dtype=np.uint8)[:, None, None, None]
WANTED = np.arange(22, dtype=np.float32)[:, None]


def shares(processes: int, epoch: int = 0) -> list[Share]:
    order = shuffled(22, 24, seed=3)
    return [Share(IMAGES, WANTED, 8, order, number, processes, epoch) for number in range(processes)]


def seen(all_shares: list[Share]) -> list[list[int]]:
    """The pictures of each batch, by all processes together."""
    return [
        [int(row) for share in all_shares for row in share[number][0].ravel()] for number in range(len(all_shares[0]))
    ]


@pytest.mark.parametrize("processes", [2, 4, 8])
def test_together_they_see_the_batches_of_one(processes: int) -> None:
    several = shares(processes)
    assert seen(several) == seen(shares(1))
    assert {len(share[number][0]) for share in several for number in range(3)} == {8 // processes}
    assert all(np.array_equal(*(part.ravel() for part in share[0])) for share in several)


def test_an_epoch_has_every_picture_and_fills_its_last_batch_from_the_first() -> None:
    batches = seen(shares(2))
    rows = [row for batch in batches for row in batch]
    assert sorted(rows[:22]) == list(range(22))
    assert rows[22:] == rows[:2]


def test_each_epoch_has_an_order_of_its_own_and_one_that_is_taken_up_has_the_same() -> None:
    [share] = shares(1)
    first = seen([share])
    share.on_epoch_end()
    second = seen([share])
    assert first != second
    assert second == seen(shares(1, epoch=1))


def test_fewer_pictures_than_an_epoch_could_take_are_drawn_without_repeating() -> None:
    rows = shuffled(22, 8, seed=0)(0)
    assert len({*rows.tolist()}) == 8


def test_validation_goes_in_turn_and_comes_out_even() -> None:
    several = [Share(IMAGES, WANTED, 16, in_turn(22, 4), number, 4) for number in range(4)]
    batches = seen(several)
    assert [len(batch) for batch in batches] == [16, 8]
    assert [row for batch in batches for row in batch] == [*range(22), 0, 1]


def test_only_its_own_rows_are_read() -> None:
    class Counted(np.ndarray):  # type: ignore[type-arg]
        read: list[int] = []  # noqa: RUF012  # for the whole test

        def __getitem__(self, rows: object) -> object:
            Counted.read += np.asarray(rows).tolist()
            return super().__getitem__(rows)  # type: ignore[index]

    share = Share(IMAGES.view(Counted), WANTED, 8, in_turn(22, 2), 1, 2)
    share[0]
    assert Counted.read == [4, 5, 6, 7]
