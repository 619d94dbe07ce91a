"""What is added to a LiteRT file computes what it says."""

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from teach.graph import Graph
from tests.classifier.tiny_trunk import FEATURES, PLACES, SIDE, tiny_trunk

RNG = np.random.default_rng(0)
PICTURE = RNG.integers(0, 256, (1, SIDE, SIDE, 3), np.uint8)
KERNEL, BIAS = RNG.normal(size=(FEATURES, 3)).astype("f4"), RNG.normal(size=3).astype("f4")


def answers(data: bytes) -> dict[str, np.ndarray]:
    found: dict[str, np.ndarray] = Interpreter(model_content=data).get_signature_runner("serving_default")(
        image=PICTURE
    )
    return found


FEATURE_MAP = answers(tiny_trunk())["feature_map"]


def test_it_knows_the_outputs_by_their_names() -> None:
    graph = Graph(tiny_trunk())
    assert list(graph.outputs()) == ["feature_map"]
    np.testing.assert_array_equal(answers(graph.bytes(seen=graph.outputs()["feature_map"]))["seen"], FEATURE_MAP)


def test_mean_layer_and_softmax() -> None:
    graph = Graph(tiny_trunk())
    logits = graph.dense("logits", graph.mean(graph.outputs()["feature_map"], FEATURES), KERNEL, BIAS)
    found = answers(graph.bytes(logits=logits, chances=graph.softmax("chances", logits, 3)))
    expected = FEATURE_MAP.mean(axis=(1, 2)) @ KERNEL + BIAS
    np.testing.assert_allclose(found["logits"], expected, rtol=1e-4)
    np.testing.assert_allclose(found["chances"], np.exp(expected) / np.exp(expected).sum(), rtol=1e-4)


def test_values_behind_each_other_and_a_layer_at_each_place() -> None:
    graph = Graph(tiny_trunk())
    feature_map = graph.outputs()["feature_map"]
    twice = graph.concatenate("twice", [feature_map, feature_map], [1, PLACES, PLACES, 2 * FEATURES])
    kernel = np.concatenate([KERNEL, 2 * KERNEL])
    found = answers(graph.bytes(twice=twice, evidence=graph.each_place("evidence", twice, kernel, (PLACES, PLACES))))
    np.testing.assert_array_equal(found["twice"], np.concatenate([FEATURE_MAP, FEATURE_MAP], axis=-1))
    np.testing.assert_allclose(found["evidence"], 3 * FEATURE_MAP @ KERNEL, rtol=1e-4, atol=1e-5)
