import subprocess

from tests.clients.node import BIN, ENVIRONMENT
from tests.e2e.process import ROOT


def test_the_package_for_authjs_passes_its_own_tests():
    done = subprocess.run(  # noqa: S603 - our own arguments
        [BIN / "npm", "test", "--silent"],
        cwd=ROOT / "clients" / "authjs",
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
