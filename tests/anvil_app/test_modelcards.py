"""A model's card in words."""

from typing import Any

from anvil_app import modelcards, words

CARD: dict[str, Any] = {
    "name": "pets",
    "labels": ["cat", "dog"],
    "accuracy": {"value": 0.931, "low": 0.924, "high": 0.938, "n": 4987},
    "input": {"height": 64, "width": 128},
    "unsure_below": 0.7,
    "data": {"set": "Asirra", "train": 17979},
    "parameters": 12942273,
    "date": "2026-11-20",
    "notes": ["It has seen few photos taken at night."],
}


def test_the_facts_with_the_interval_of_the_accuracy() -> None:
    facts = dict(modelcards.facts(CARD))
    assert facts["What it knows"] == "Cat, Dog"
    assert facts["Accuracy"].startswith("93.1 % of 4\u202f987 photos")
    assert "between 92.4 % and 93.8 %" in facts["Accuracy"]
    assert facts["Learned from"] == "Asirra: 17\u202f979 photos"
    assert facts["Looks at"] == "128 x 64 pixels"
    assert facts["Size"] == "12\u202f942\u202f273 parameters"
    assert facts["Trained"] == "2026-11-20"


def test_many_names_come_last_in_the_order_of_the_alphabet_and_its_worst_mistakes_are_in_words() -> None:
    names = [f"thing_{number}" for number in range(50, 20, -1)]
    mixed = [{"truth": "cat", "answer": "dog", "count": 91, "of": 1000}]
    facts = modelcards.facts({**CARD, "labels": names, "mixed_up": mixed})
    assert facts[0][0] == "Accuracy"
    assert facts[-1][0] == "What it knows"
    assert facts[-1][1].startswith("Thing 21, Thing 22")
    assert dict(facts)["Most often mixed up"] == "Cat for Dog (91 of 1\u202f000)"
    words.use("es")
    facts = modelcards.facts({**CARD, "labels": ["dog", "cat"], "mixed_up": mixed})
    assert facts[0] == ("Lo que conoce", "Gato, Perro")
    assert dict(facts)["Lo que más confunde"] == "Gato por Perro (91 de 1\u202f000)"


def test_what_a_card_does_not_tell_is_left_out() -> None:
    card = {key: CARD[key] for key in ("name", "labels", "input", "unsure_below")}
    assert [term for term, _ in modelcards.facts(card)] == ["What it knows", "Looks at"]
    assert len(modelcards.doubts(card)) == 2


def test_when_not_to_trust_it() -> None:
    doubts = modelcards.doubts(CARD)
    assert doubts[0].startswith("It knows 2 kinds of things.")
    assert doubts[1].startswith("About 7 in 100 answers are wrong")
    assert doubts[2].startswith("Below 70 % confidence")
    assert doubts[3] == CARD["notes"][0]
    assert "corrected here: 3." in modelcards.doubts({**CARD, "corrections": 3})[3]


def test_in_spanish() -> None:
    words.use("es")
    facts = dict(modelcards.facts(CARD))
    assert facts["Lo que conoce"] == "Gato, Perro"
    assert facts["Exactitud"].startswith("93,1 % de 4\u202f987 fotos")
