"""The stand-in's keys and the file they live in."""

import json
import os
from pathlib import Path

import pytest

from local_anvil.keys import KeyFileError, load_keys


def test_keys_are_made_once_for_the_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    keys = load_keys(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert load_keys(path) == keys
    assert keys.uplink != keys.client
    assert load_keys(tmp_path / "other.json") != keys


def test_a_key_file_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    load_keys(path)
    path.chmod(0o644)
    load_keys(path)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_key_file_is_never_readable_by_others_not_even_as_it_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "chmod", lambda *_: None)
    before = os.umask(0)
    try:
        load_keys(tmp_path / "keys.json")
    finally:
        os.umask(before)
    assert (tmp_path / "keys.json").stat().st_mode & 0o777 == 0o600


def test_what_a_key_allows(tmp_path: Path) -> None:
    keys = load_keys(tmp_path / "keys.json")
    assert keys.privilege(keys.uplink) == "uplink"
    assert keys.privilege(keys.client) == "client"
    assert keys.privilege("") is None
    assert keys.privilege("schlüssel\ud800") is None


def test_keys_do_not_show_in_a_repr(tmp_path: Path) -> None:
    keys = load_keys(tmp_path / "keys.json")
    assert keys.uplink not in repr(keys)
    assert keys.client not in repr(keys)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"uplink_key": 1, "client_uplink_key": 2}', "\xff"])
def test_a_broken_key_file_says_what_to_do(tmp_path: Path, content: str) -> None:
    path = tmp_path / "keys.json"
    path.write_bytes(content.encode("latin-1"))
    with pytest.raises(KeyFileError, match="Delete it"):
        load_keys(path)


def test_a_key_that_could_be_guessed_is_none(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    for length, usable in ((16, True), (15, False)):
        path.write_text(json.dumps({"uplink_key": "u" * 40, "client_uplink_key": "c" * length}))
        if usable:
            assert load_keys(path).client == "c" * length
        else:
            with pytest.raises(KeyFileError, match="holds no keys"):
                load_keys(path)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match=r"missing/keys\.json"):
        load_keys(tmp_path / "missing" / "keys.json")
