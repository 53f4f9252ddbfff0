"""How a command in another terminal finds the emulator."""

import pytest

from local.endpoint import announced, claimed, told
from local.process import StartError


def test_nothing_is_told_before_and_after(tmp_path):
    assert told(logs=tmp_path) is None
    with claimed(logs=tmp_path), announced("http://127.0.0.1:1", logs=tmp_path):
        assert told(logs=tmp_path) == "http://127.0.0.1:1"
    assert told(logs=tmp_path) is None


def test_it_is_taken_back_whatever_ends_it(tmp_path):
    with claimed(logs=tmp_path):
        with pytest.raises(KeyboardInterrupt), announced("http://127.0.0.1:1", logs=tmp_path):
            raise KeyboardInterrupt
        assert told(logs=tmp_path) is None


def test_what_one_that_was_killed_has_left_is_not_told(tmp_path):
    with claimed(logs=tmp_path):
        (tmp_path / "endpoint").write_text("http://127.0.0.1:1")
    assert told(logs=tmp_path) is None


def test_a_second_one_in_the_same_folder_is_kept_out_until_the_first_has_ended(tmp_path):
    with claimed(logs=tmp_path), pytest.raises(StartError) as refusal, claimed(logs=tmp_path):
        pass
    assert str(refusal.value).startswith("`make local` already runs in this folder")
    with claimed(logs=tmp_path):
        pass


def test_one_in_another_folder_is_let_in(tmp_path):
    with claimed(logs=tmp_path / "one"), claimed(logs=tmp_path / "two"):
        pass
