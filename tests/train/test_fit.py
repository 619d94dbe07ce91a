"""A network is trained once, taken up where it stopped, and never mixed with another's work."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from tests.train.drawn import colour_set, colours
from tests.train.runs import small, with_schedule
from train import fit
from train.data.part import Dataset
from train.errors import StaleRunError
from train.learning import mobilenet
from train.recipe import Run
from train.schedule import Augmentation, Schedule

ONE_CONVOLUTION = "cats_vs_dogs_64_one_conv"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Dataset:
    monkeypatch.setenv("CACHE_DIR", str(tmp_path / "cache"))
    return colour_set(tmp_path)


@pytest.fixture
def trainings(monkeypatch: pytest.MonkeyPatch) -> list[Run]:
    """One entry for each time that a network is trained; the training itself takes no time."""
    counted: list[Any] = []

    def learn(network: keras.Model, plan: Schedule, train: Any, validation: Any, folder: Path, *_: Any) -> keras.Model:
        counted.append(plan)
        (folder / "curves.csv").write_text("epoch,seconds\n1,1.0\n")
        network.save(folder / "network.keras")
        return network

    monkeypatch.setattr(fit, "learn", learn)
    return counted


def test_a_finished_run_is_not_trained_again_unless_asked(data: Dataset, trainings: list[Run]) -> None:
    run = small()
    first, second = fit.fit(run, data), fit.fit(run, data)
    assert len(trainings) == 1
    assert all(np.array_equal(*pair) for pair in zip(first.get_weights(), second.get_weights(), strict=True))
    fit.fit(run, data, again=True)
    assert len(trainings) == 2


@pytest.mark.parametrize(
    ("what", "change"),
    [
        ("schedule", lambda run, data: (replace(run, recipe=with_schedule(run.recipe, epochs=9)), data)),
        ("network", lambda run, data: (replace(run, recipe=replace(run.recipe, network=ONE_CONVOLUTION)), data)),
        ("data", lambda run, data: (run, replace(data, train=colours(96, 77)))),
        ("data", lambda run, data: (run, replace(data, validation=colours(40, 78)))),
        ("data", lambda run, data: (run, replace(data, none=colours(3, 79)))),
    ],
)
def test_work_of_another_network_schedule_or_data_is_not_taken_up(
    what: str, change: Any, data: Dataset, trainings: list[Run]
) -> None:
    run = small()
    fit.fit(run, data)
    with pytest.raises(StaleRunError, match=f"holds a run of another {what}.*--again"):
        fit.fit(*change(run, data))
    assert len(trainings) == 1
    fit.fit(run, data)  # the refusal has changed nothing
    changed = change(run, data)
    fit.fit(*changed, again=True)
    assert len(trainings) == 2


def test_what_does_not_matter_for_the_training_makes_no_run_stale(data: Dataset, trainings: list[Run]) -> None:
    run = small()
    fit.fit(run, data)
    fit.fit(replace(run, recipe=replace(run.recipe, title="Another title", notes=("a note",), looks=2)), data)
    renamed = replace(data.train, keys=tuple(f"moved/{key}" for key in data.train.keys))
    fit.fit(run, replace(data, train=renamed, test=colours(60, 80)))
    assert len(trainings) == 1


def test_a_schedule_goes_on_with_the_trained_network_of_the_one_it_comes_after(
    data: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[Any] = []

    def learn(network: keras.Model, plan: Schedule, train: Any, validation: Any, folder: Path, *_: Any) -> keras.Model:
        begun.append((plan, network.get_weights()))
        network.set_weights([weight + 1 for weight in network.get_weights()])
        network.save(folder / "network.keras")
        return network

    monkeypatch.setattr(fit, "learn", learn)
    run = small()
    first = run.plan
    then = replace(first, after="first", learning_rate=1e-5)
    run = replace(
        run, recipe=replace(run.recipe, schedules={"first": first, "then": then}, default="then"), schedule="then"
    )
    trained = fit.fit(run, data)
    assert [plan for plan, _ in begun] == [first, then]
    for start, end, twice in zip(begun[0][1], begun[1][1], trained.get_weights(), strict=True):
        assert np.allclose(end, start + 1)
        assert np.allclose(twice, start + 2)
    fit.fit(run, data)
    assert len(begun) == 2, "both are finished"
    fit.fit(run, data, again=True)
    assert [plan for plan, _ in begun[2:]] == [then], "the first stays"
    changed = replace(run, recipe=replace(run.recipe, schedules={"first": replace(first, epochs=9), "then": then}))
    with pytest.raises(StaleRunError, match=r"another after.*strided --seed 5 --again"):
        fit.fit(changed, data)
    with pytest.raises(StaleRunError, match=r"another schedule.*--schedule first --seed 5 --again"):
        fit.fit(changed, data, again=True)
    assert len(begun) == 3


def test_the_stamp_holds_no_field_at_its_default() -> None:
    flipped, teachers = Augmentation(flip=True), ("one", "another")
    plan = Schedule("adam", learning_rate=1e-3, batch=32, epochs=5, teachers=teachers, augmentation=flipped)
    described = plan.described()
    assert described == {
        "optimizer": "adam",
        "learning_rate": 1e-3,
        "batch": 32,
        "epochs": 5,
        "teachers": ["one", "another"],
        "augmentation": {"flip": True},
    }
    assert json.loads(json.dumps(described)) == described


def test_work_without_a_stamp_is_not_taken_up(data: Dataset) -> None:
    run = small()
    run.folder.mkdir(parents=True)
    (run.folder / "curves.csv").write_text("epoch\n1\n")
    with pytest.raises(StaleRunError):
        fit.fit(run, data)


def test_a_schedule_with_a_size_trains_on_that_and_answers_at_the_recipes(data: Dataset, trainings: list[Run]) -> None:
    run = small("cats_vs_dogs_128", size=24)
    network = fit.fit(replace(run, recipe=replace(run.recipe, network="residual", height=64, width=64)), data)
    assert network.input.shape == (None, 64, 64, 3)


def test_a_network_file_that_would_run_code_is_not_loaded(data: Dataset, trainings: list[Run]) -> None:
    run = small()
    fit.fit(run, data)
    inputs = keras.Input((4,))
    keras.Model(inputs, keras.layers.Lambda(lambda x: x * 2)(inputs)).save(run.folder / "network.keras")
    with pytest.raises(ValueError, match="safe_mode"):
        fit.fit(run, data)


@pytest.mark.parametrize(("fast", "policy"), [(True, "mixed_bfloat16"), (False, "float32")])
def test_half_precision_is_for_processors_that_are_fast_at_it(
    fast: bool, policy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fit, "multiplies_bfloat16", lambda: fast)
    plan = small("cifar10").plan
    assert fit._policy(plan) == policy
    assert fit._policy(replace(plan, half_precision=False)) == "float32"


def test_another_teacher_or_other_pictures_get_lessons_of_their_own(
    data: Dataset, tmp_path: Path, teacher_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / mobilenet.FILE).write_bytes((teacher_folder / mobilenet.FILE).read_bytes())
    run = small(teachers=("mobilenet_v2",))
    first = fit._lessons(run, data)
    asked: list[int] = []
    original = fit.teacher.lessons
    monkeypatch.setattr(fit.teacher, "lessons", lambda *given: asked.append(1) or original(*given))
    assert np.array_equal(fit._lessons(run, data), first)
    assert not asked
    others = fit._lessons(run, replace(data, train=colours(96, 50)))
    assert len(asked) == 1
    assert not np.array_equal(others, first)
    keras.utils.set_random_seed(9)
    inputs = keras.Input((mobilenet.SIDE, mobilenet.SIDE, 3))
    keras.Model(inputs, keras.layers.Conv2D(16, 32, strides=32)(inputs)).save(tmp_path / mobilenet.FILE)
    fit._lessons(run, data)
    assert len(asked) == 2
