"""``relgraph cache``: where compiled programs lie, how much there is, and how to be rid of it."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

from ..cache import directory
from .screen import size


def command(arguments: Any) -> int:
    folder, files, used = measured()
    if arguments.action == "clear":
        for file in entries(folder):
            with contextlib.suppress(FileNotFoundError):  # another process may clear as well
                file.unlink()
        print(f"removed {files} files, {size(used)}, from {folder}")
    else:
        print(f"{folder}\n{files} files, {size(used)}\nRELGRAPH_CACHE moves it, RELGRAPH_CACHE_BYTES limits it")
    return 0


def entries(folder: Path) -> list[Path]:
    """The files of the cache: folders named by two hexadecimal digits, and verdicts; nothing else is ours to remove."""
    found = [*folder.glob("[0-9a-f][0-9a-f]/**/*"), *folder.glob("verdicts/*.json")]
    return sorted(f for f in found if f.is_file())


def measured() -> tuple[Path, int, int]:
    """The folder, the number of files, and their bytes."""
    folder = directory()
    found = entries(folder)
    return folder, len(found), sum(f.stat().st_size for f in found)
