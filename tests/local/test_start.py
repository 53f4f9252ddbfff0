"""What somebody sees for whom `make local` does not start."""

import socket

from local.endpoint import announced, claimed, told
from tests.e2e.process import LocalProcess


def test_a_port_in_use_is_explained_at_once(tmp_path, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr("tests.e2e.process.free_port", lambda: port)
        process = LocalProcess(tmp_path)
        assert process.end() == 1
    assert f"Port {port} can't be used: Address already in use." in process.output
    assert f"make local PORT={port + 1}" in process.output
    assert "Traceback" not in process.output


def test_a_second_one_in_the_same_folder_is_refused_and_leaves_the_first_as_it_is(tmp_path):
    logs = tmp_path / "logs"
    with claimed(logs=logs), announced("http://127.0.0.1:1", logs=logs):
        (logs / "ministack.log").write_text("the first one's")
        process = LocalProcess(tmp_path)
        assert process.end() == 1
        assert process.output.strip().startswith("`make local` already runs in this folder")
        assert "Traceback" not in process.output
        assert told(logs=logs) == "http://127.0.0.1:1"
        assert (logs / "ministack.log").read_text() == "the first one's"
