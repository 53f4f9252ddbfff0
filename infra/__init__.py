"""The stacks, in CDK.

jsii, which runs CDK, wants a supported Node; ours stands beside Python in the venv.
"""

import os
import sys
from pathlib import Path

_node = Path(sys.executable).with_name("node")
if _node.exists():
    os.environ.setdefault("JSII_NODE", str(_node))
