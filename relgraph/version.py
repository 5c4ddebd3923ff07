"""The version, and when this process read its sources, below everything else: caches are keyed by the one and doubt files
that changed after the other."""

from __future__ import annotations

import time

__version__ = "0.1.0"
LOADED = time.time_ns()
