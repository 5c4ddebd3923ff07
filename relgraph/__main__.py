"""``python -m relgraph``: the command, where its script is not on the PATH."""

from __future__ import annotations

import sys

from .cli import main

sys.exit(main())
