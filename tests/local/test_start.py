"""What somebody sees for whom `make local` does not start."""

import socket

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
