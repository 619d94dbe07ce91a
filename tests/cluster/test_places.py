"""Which names are addresses in buckets, and what goes wrong with a storage, in one sentence."""

from pathlib import Path

import pytest
from pyarrow import ArrowInvalid
from pyarrow.fs import LocalFileSystem

from classifier.errors import BadRequestError
from cluster import places
from cluster.places import in_bucket, place, storage_troubles, why


@pytest.mark.parametrize("name", ["s3://shots/a.jpg", "gs://shots"])
def test_an_address_is_in_a_bucket(name: str) -> None:
    assert in_bucket(name)


@pytest.mark.parametrize("name", ["s3/a.jpg", "s3:/a.jpg", "/s3://a.jpg", "file:///a.jpg", "photos"])
def test_any_other_name_is_a_path(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    filesystem, path = place(name)
    assert not in_bucket(name)
    assert isinstance(filesystem, LocalFileSystem)
    assert path == str(tmp_path / name)


class Buckets:
    """Stands in for pyarrow's file systems: which were asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def from_uri(self, address: str) -> tuple[str, str]:
        self.asked.append(address)
        if "gone" in address:
            raise OSError("When resolving region: 404.\nSee the log.")
        return f"storage of {address}", ""


@pytest.fixture
def buckets(monkeypatch: pytest.MonkeyPatch) -> Buckets:
    found = Buckets()
    monkeypatch.setattr(places, "FileSystem", found)
    places._bucket.cache_clear()
    return found


def test_a_bucket_is_asked_for_once_and_not_for_each_photo(buckets: Buckets) -> None:
    assert place("s3://shots/2026/a.jpg") == ("storage of s3://shots", "shots/2026/a.jpg")
    assert place("s3://shots/2026/")[1] == "shots/2026"
    assert buckets.asked == ["s3://shots"]
    place("gs://shots/a.jpg")
    assert buckets.asked == ["s3://shots", "gs://shots"]


def test_a_bucket_that_is_not_there_is_named(buckets: Buckets) -> None:
    with pytest.raises(BadRequestError, match=r"^s3://gone cannot be used: When resolving region: 404\.$"):
        place("s3://gone/a.jpg")


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (FileNotFoundError(2, "No such file or directory"), "No such file or directory"),
        (ArrowInvalid("Not a Parquet file."), "Not a Parquet file"),
        (TimeoutError(), "TimeoutError"),
    ],
)
def test_what_the_storage_says_is_one_line(error: Exception, sentence: str) -> None:
    assert why(error) == sentence
    with pytest.raises(BadRequestError, match=f"^answers cannot be used: {sentence}[.]$"), storage_troubles("answers"):
        raise error


def test_a_fault_of_ours_is_no_trouble_of_the_storage() -> None:
    with pytest.raises(KeyError), storage_troubles("answers"):
        raise KeyError("path")
