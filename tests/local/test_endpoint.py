"""How a command in another terminal finds the emulator."""

import pytest

from local.endpoint import announced, told


def test_nothing_is_told_before_and_after(tmp_path):
    assert told(logs=tmp_path) is None
    with announced("http://127.0.0.1:1", logs=tmp_path):
        assert told(logs=tmp_path) == "http://127.0.0.1:1"
    assert told(logs=tmp_path) is None


def test_it_is_taken_back_whatever_ends_it(tmp_path):
    with pytest.raises(KeyboardInterrupt), announced("http://127.0.0.1:1", logs=tmp_path):
        raise KeyboardInterrupt
    assert told(logs=tmp_path) is None


def test_a_second_one_in_the_same_folder_is_not_taken_back_by_the_first(tmp_path):
    with announced("http://127.0.0.1:1", logs=tmp_path):
        second = announced("http://127.0.0.1:2", logs=tmp_path)
        second.__enter__()
    assert told(logs=tmp_path) == "http://127.0.0.1:2"
    second.__exit__(None, None, None)
    assert told(logs=tmp_path) is None
