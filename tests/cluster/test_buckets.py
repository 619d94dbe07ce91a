"""Photos and answers in buckets, on a server of S3's kind that the tests start."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer
from pyarrow.fs import FileSelector, FileSystem

from classifier.batch import Job
from classifier.settings import Settings
from classifier.sources import Source
from cluster import places
from cluster.answerer import Answerer
from cluster.listing import listing
from cluster.portions import Files
from cluster.run import Run
from tests.cluster.photos import colour, fill
from tests.cluster.runs import run

MOST = 2**20


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[FileSystem]:
    """A bucket `shots` with six photos, and what is none of them."""
    server = ThreadedMotoServer("127.0.0.1", 0)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "tests",
        "AWS_SECRET_ACCESS_KEY": "tests",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    places._bucket.cache_clear()
    filesystem = FileSystem.from_uri("s3://shots/?allow_bucket_creation=true")[0]
    filesystem.create_dir("shots")
    yield filesystem
    places._bucket.cache_clear()
    server.stop()


@pytest.fixture
def photos(bucket: FileSystem, tmp_path: Path) -> str:
    for photo in fill(tmp_path / "drawn", 6):
        put(bucket, f"shots/2026/{photo.name}", photo.read_bytes())
    put(bucket, "shots/2026/notes.md", b"no photo")
    put(bucket, "shots/2026/.thumbnails/1-red.jpg", b"no photo")
    return "s3://shots/2026"


def put(bucket: FileSystem, path: str, data: bytes) -> None:
    with bucket.open_output_stream(path) as opened:
        opened.write(data)


def test_of_a_bucket_what_is_named_like_a_photo_is_taken(photos: str) -> None:
    found = listing(photos, MOST, set())
    assert [colour(photo.name) for photo in found.files] == ["red", "green", "blue"] * 2
    assert [(entry.name, entry.why) for entry in found.left_out] == [
        ("s3://shots/2026/.thumbnails/1-red.jpg", "hidden or of the system"),
        ("s3://shots/2026/notes.md", "not named as a photo"),
    ]


def test_an_object_that_is_gone_or_too_large_is_a_row_and_the_others_are_fetched(photos: str) -> None:
    names = [f"{photos}/000000-red.jpg", f"{photos}/gone.jpg"] + [f"{photos}/{n:06}-green.jpg" for n in (1, 4)] * 20
    found = list(Files([Source(name) for name in names]).sources(100))
    assert [source.name for source in found] == names
    assert found[1].trouble == "The file cannot be read: it is not in the bucket."
    assert all(len(source.data or b"") == 101 for source in found if not source.trouble)


def test_photos_and_answers_may_both_be_in_buckets(photos: str, bucket: FileSystem, settings: Settings) -> None:
    job, out = Job(settings, "plain", 1), "s3://shots/answers"
    begun = Run.prepare(job, photos, out, False)
    answerer = Answerer(begun.order, lambda: begun.model)
    [first, *_] = portions = begun.listing.portions(1)
    answerer({"number": 0, "portion": first})
    again = Run.prepare(job, photos, out, True)
    assert (again.listing.done, len(again.listing)) == (len(first), 6 - len(first))
    answerer = Answerer(again.order, lambda: again.model)
    for number, portion in enumerate(again.listing.portions(1)):
        answerer({"number": number, "portion": portion})
    found = [batch.to_pylist() for batch in again.order.table.batches(["path", "label"])]
    rows = sorted((row for batch in found for row in batch), key=lambda row: str(row["path"]))
    assert [row["label"] for row in rows] == ["red", "green", "blue"] * 2
    names = [info.base_name for info in bucket.get_file_info(FileSelector("shots/answers"))]
    assert sum(name.endswith(".parquet") for name in names) == len(portions)
    assert not [name for name in names if name.startswith(".")]


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_command_reads_and_writes_buckets(photos: str, shelf_dir: Path) -> None:
    done = run(photos, "s3://shots/answers", shelf=shelf_dir)
    assert done.returncode == 0, done.stderr
    assert "blue 2, green 2, red 2; unsure of 0." in done.stdout
    assert "s3://shots/answers has 6 photos in " in done.stdout
