"""The functions of teaching, called as the uplink library calls them: drawn photos, the real trunk, no link."""

import json
import logging
from pathlib import Path
from typing import Any

import anvil
import pytest

from classifier.settings import Settings as ClassifierSettings
from classifier.shelf import read_shelf
from classifier.trunk import BANK_FILE, FOLDER
from tests.classifier.pictures import encoded
from tests.stand_in import wait_until
from tests.teach.drawn import thing
from worker import teaching
from worker.gate import Gate
from worker.guard import Guard
from worker.models import Models
from worker.settings import Settings
from worker.tally import Tally
from worker.teaching import PUBLISHED, Teaching

RIGHT = "correct horse"
SHAPES = ("disc", "cross")

pytestmark = pytest.mark.skipif(not (FOLDER / BANK_FILE).exists(), reason="the trunk and its bank are not here")


class Ours:
    """A worker's functions over a shelf."""

    def __init__(self, shelf: Path, passphrase: str = RIGHT) -> None:
        inner = ClassifierSettings(models_dir=shelf, shipped_models=("cats_vs_dogs",))
        settings = Settings(classifier=inner, max_files=30, teach_passphrase=passphrase)
        self.models = Models(inner)
        self.teaching = Teaching(self.models, Gate(2, 4), settings)
        self.guard = Guard(Tally())

    def ask(self, function: str, /, *arguments: Any, **keywords: Any) -> Any:
        return self.guard(getattr(self.teaching, function))(*arguments, **keywords)


def photo(shape: str, seed: int) -> anvil.BlobMedia:
    return anvil.BlobMedia("image/jpeg", encoded(thing(shape, seed), "JPEG"), name="private.jpg")


@pytest.fixture
def ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ours:
    """Its fits are done in this process: another takes a second to start."""
    monkeypatch.setattr(teaching, "apart", lambda function, *arguments, timeout: function(*arguments))
    return Ours(tmp_path)


@pytest.fixture(scope="module")
def classes(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Features of eight discs and eight crosses, as a page has them."""
    worker = Ours(tmp_path_factory.mktemp("other-worker"))
    found = []
    for shape in SHAPES:
        embedded = worker.ask("embed_images", [photo(shape, seed) for seed in range(8)])
        found.append(
            {
                "label": shape,
                "features": [one["features"] for one in embedded],
                "names": [f"{shape} no. {seed}" for seed in range(8)],
            }
        )
    return found


def test_features_are_small_media_and_a_bad_photo_is_refused_alone(ours: Ours) -> None:
    answers = ours.ask("embed_images", [photo("disc", 0), anvil.BlobMedia("image/jpeg", b"x"), photo("cross", 0)])
    assert [list(answer) for answer in answers] == [["features"], ["error"], ["features"]]
    assert answers[0]["features"].length == 2600
    assert answers[1]["error"]["type"] == "NotAPhoto"


def test_another_worker_teaches_in_a_process_of_its_own_and_all_that_share_the_shelf_serve(
    classes: list[dict[str, Any]], tmp_path: Path
) -> None:
    ours, third = Ours(tmp_path), Ours(tmp_path)
    answer = ours.ask("teach", "shapes <b>", classes, passphrase=RIGHT)
    assert answer["model"] == "shapes <b>"
    assert answer["photos"] == {"cross": 8, "disc": 8}
    assert third.ask("teaching_status")["models"] == {"shapes <b>": {"cross": 8, "disc": 8}}
    json.dumps({key: value for key, value in answer.items() if key != "head"})
    for worker in (ours, third):
        wait_until(lambda worker=worker: "shapes <b>" in [c.name for c in worker.models.classifier.cards], 20)
    assert third.models.classifier.classify(photo("disc", 1).get_bytes(), "shapes <b>").label == "disc"


def test_features_may_come_together(ours: Ours, classes: list[dict[str, Any]]) -> None:
    joined = [
        {"label": one["label"], "features": [anvil.BlobMedia("", b"".join(m.get_bytes() for m in one["features"]))]}
        for one in classes
    ]
    assert ours.ask("teach", "shapes", joined, passphrase=RIGHT)["photos"] == {"cross": 8, "disc": 8}


def test_it_can_be_tried_before_it_is_kept(ours: Ours, classes: list[dict[str, Any]], tmp_path: Path) -> None:
    taught = ours.ask("teach", "shapes", classes, keep=False, passphrase=RIGHT)
    assert read_shelf(tmp_path).cards == {}
    [answer, refusal] = ours.ask("try_taught", taught["head"], [photo("disc", 1), anvil.BlobMedia("", b"x")])
    assert answer["label"] == "disc"
    assert answer["milliseconds"] > 0
    assert sum(entry["probability"] for entry in answer["predictions"]) == pytest.approx(1)
    assert refusal["error"]["type"] == "NotAPhoto"
    for bad in (b"", b"{}\nPK", taught["head"].get_bytes()[:-200]):
        assert ours.ask("try_taught", anvil.BlobMedia("", bad), [photo("disc", 1)])["error"]["type"] == "BadRequest"


def test_photos_can_be_added_later(ours: Ours, classes: list[dict[str, Any]]) -> None:
    ours.ask("teach", "shapes", classes, passphrase=RIGHT)
    more = ours.ask("embed_images", [photo("disc", seed) for seed in range(8, 12)])
    added = [{"label": "disc", "features": [one["features"] for one in more]}]
    assert ours.ask("teach", "shapes", added, add=True, passphrase=RIGHT)["photos"] == {"cross": 8, "disc": 12}


def test_a_correction_is_kept_listed_and_taken_back(ours: Ours, classes: list[dict[str, Any]]) -> None:
    ours.ask("teach", "shapes", classes, passphrase=RIGHT)
    changed = ours.ask("correct_answer", "shapes", photo("disc", 50), "ring", RIGHT)
    assert changed["before"]["n"] == 16
    assert changed["after"]["n"] == 17
    assert (changed["answer"]["model"], changed["answer"]["label"]) == ("shapes", "ring")
    assert ours.models.classifier.classify(photo("disc", 50).get_bytes(), "shapes").label == "ring"
    report = ours.ask("list_corrections", "shapes", passphrase=RIGHT)
    assert report["on"] is None, "a model of one's own always answers with them"
    [listed] = report["corrections"]
    assert (listed["label"], listed["name"], listed["id"]) == ("ring", "private.jpg", changed["id"])
    again = ours.ask("take_back_corrections", "shapes", [listed["id"]], passphrase=RIGHT)
    assert again["after"]["n"] == 16
    assert ours.ask("list_corrections", "shapes", passphrase=RIGHT)["corrections"] == []
    refused = ours.ask("take_back_corrections", "shapes", [listed["id"]], passphrase=RIGHT)
    assert refused["error"]["kind"] == "gone"
    assert ours.ask("switch_corrections", "shapes", False, RIGHT)["error"]["type"] == "BadRequest"


def test_a_shipped_model_is_corrected_by_a_head_over_it(ours: Ours) -> None:
    """From the middle of a wide photo, as this model sees it."""
    dog = anvil.BlobMedia("image/png", encoded(thing("disc", 3).resize((500, 300)), "PNG"), name="dog.png")
    before = ours.models.classifier.classify(dog.get_bytes())
    assert before.label != "dog"
    changed = ours.ask("correct_answer", "cats_vs_dogs", dog, "dog", RIGHT)
    after = ours.models.classifier.classify(dog.get_bytes())
    assert (after.label, after.unsure) == ("dog", False)
    assert changed["answer"]["confidence"] == pytest.approx(after.confidence, abs=0.01)
    assert changed["kept"]["value"] > 0.99
    for refused in (("delete_model", "cats_vs_dogs"), ("rename_model", "cats_vs_dogs", "mine")):
        assert "comes with the project" in ours.ask(*refused, passphrase=RIGHT)["error"]["message"]
    for on, label in ((False, before.label), (True, "dog")):
        report = ours.ask("switch_corrections", "cats_vs_dogs", on, RIGHT)
        assert (report["on"], [one["id"] for one in report["corrections"]]) == (on, [changed["id"]])
        assert ours.models.classifier.classify(dog.get_bytes()).label == label
    ours.ask("take_back_corrections", "cats_vs_dogs", [changed["id"]], RIGHT)
    assert ours.ask("list_corrections", "cats_vs_dogs", RIGHT)["on"] is None
    assert ours.models.classifier.classify(dog.get_bytes()).confidence == before.confidence


def test_models_of_ones_own_are_renamed_downloaded_and_deleted(
    ours: Ours, classes: list[dict[str, Any]], tmp_path: Path
) -> None:
    ours.ask("teach", "shapes", classes, passphrase=RIGHT)
    assert ours.ask("rename_model", "shapes", "forms", RIGHT) == {"model": "forms"}
    assert list(read_shelf(tmp_path).cards) == ["forms"]
    file = ours.ask("download_model", "forms", RIGHT)["file"]
    assert (file.name, file.get_bytes()[:2]) == ("forms.zip", b"PK")
    assert ours.ask("delete_model", "forms", RIGHT) == {"model": "forms"}
    assert list(tmp_path.iterdir()) == []
    for function in ("delete_model", "download_model"):
        assert ours.ask(function, "cats_vs_dogs", RIGHT)["error"]["type"] == "BadRequest"
    assert ours.ask("delete_model", "../x", RIGHT)["error"]["type"] == "UnknownModel"


CALLS: dict[str, tuple[object, ...]] = {
    "teach": ("shapes", []),
    "correct_answer": ("shapes", None, "disc"),
    "list_corrections": ("shapes",),
    "take_back_corrections": ("shapes", []),
    "switch_corrections": ("shapes", True),
    "rename_model": ("shapes", "forms"),
    "delete_model": ("shapes",),
    "download_model": ("shapes",),
}


def test_each_function_that_writes_wants_the_passphrase(ours: Ours) -> None:
    assert CALLS.keys() == set(PUBLISHED) - {"teaching_status", "embed_images", "try_taught"}
    for function, arguments in CALLS.items():
        assert ours.ask(function, *arguments)["error"]["type"] == "Unauthorized"
        assert ours.ask(function, *arguments, passphrase=RIGHT)["error"]["type"] in ("BadRequest", "UnknownModel")


def test_without_a_passphrase_set_nothing_can_be_done(tmp_path: Path) -> None:
    off = Ours(tmp_path, passphrase="")
    assert off.ask("teaching_status") == {"state": "off", "fewest": 3, "max_files": 30, "models": {}}
    for function, arguments in CALLS.items():
        assert off.ask(function, *arguments, passphrase="")["error"]["type"] == "Unauthorized"
    assert off.ask("embed_images", [photo("disc", 0)])["error"]["type"] == "Unauthorized"
    assert off.ask("try_taught", None, [])["error"]["type"] == "Unauthorized"


def test_where_it_is_open_nobody_is_asked(ours: Ours, tmp_path: Path, classes: list[dict[str, Any]]) -> None:
    assert Ours(tmp_path, passphrase="open").ask("teach", "shapes", classes)["model"] == "shapes"  # noqa: S106


@pytest.mark.parametrize(
    ("name", "given", "says"),
    [
        ("shapes", None, "classes must be a list"),
        ("shapes", [{"label": "a"}], "Each class must be a dict"),
        ("shapes", [{"label": 7, "features": []}], "label must be text"),
        ("shapes", [{"label": "a", "features": [anvil.BlobMedia("", b"x")]}], "not the features"),
        ("shapes", [{"label": "a", "features": ["x"]}], "must be Media"),
        (7, [], "name must be text"),
        ("a/b", [], "slash"),
        ("cats_vs_dogs", [], "comes with the project"),
        ("shapes", [], "only one label"),
    ],
)
def test_what_makes_no_sense_is_refused(ours: Ours, name: object, given: object, says: str) -> None:
    answer = ours.ask("teach", name, given, passphrase=RIGHT)
    assert answer["error"]["type"] == "BadRequest"
    assert says in answer["error"]["message"]


def test_one_at_a_time(ours: Ours, classes: list[dict[str, Any]]) -> None:
    with ours.teaching._alone():
        assert ours.ask("teach", "shapes", classes, passphrase=RIGHT)["error"]["type"] == "Busy"


def test_neither_names_nor_passphrase_reach_the_log(
    ours: Ours, classes: list[dict[str, Any]], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    ours.ask("teach", "shapes", classes, passphrase=RIGHT)
    ours.ask("teach", "shapes", classes, passphrase="wrong horse")  # noqa: S106
    assert "call teach" in caplog.text
    for secret in (RIGHT, "wrong horse", "disc no. 1", "private.jpg"):
        assert secret not in caplog.text
