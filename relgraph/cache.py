"""Files on disk, found by what they were made from (libraries, compiled theories); processes share them without locks."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

__all__ = ["directory", "fetch", "key"]

LIMIT = 1 << 30  # bytes; the libraries not used for longest go first
_TOUCH = 3600.0  # seconds a time of last use may be out of date


def directory() -> Path:
    """Where libraries lie: ``RELGRAPH_CACHE``, or the user's cache directory."""
    chosen = os.environ.get("RELGRAPH_CACHE")
    if chosen:
        return Path(chosen)
    import platformdirs  # imported on first use: half of what importing relgraph may take is NumPy
    return Path(platformdirs.user_cache_dir("relgraph"))


def key(parts: Iterable[str]) -> str:
    """The name of what is made from these texts."""
    h = hashlib.sha256()
    for p in parts:
        raw = p.encode()
        h.update(len(raw).to_bytes(8, "little"))
        h.update(raw)
    return h.hexdigest()[:40]


def fetch(name: str, suffix: str, make: Callable[[Path], None]) -> Path:
    """The file of this name, made in a temporary file and moved into place if there is none yet."""
    root = directory()
    path = root / name[:2] / f"{name}{suffix}"
    try:
        found = path.stat()
    except OSError:
        found = None
    if found is not None:
        _used(path, found.st_mtime)
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(suffix=suffix, prefix=".making-", dir=path.parent)
    os.close(handle)
    try:
        make(Path(temporary))
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    _trim(root, keep=path)
    return path


def _used(path: Path, at: float) -> None:
    """Write down the use, so that the limit spares what is in use."""
    import time
    if time.time() - at > _TOUCH:
        with contextlib.suppress(OSError):
            os.utime(path)


def _limit() -> int:
    given = os.environ.get("RELGRAPH_CACHE_BYTES")
    return int(given) if given else LIMIT


def _trim(root: Path, keep: Path) -> None:
    """Remove the files used longest ago until the limit holds; one that is loaded stays usable where it is loaded."""
    files: list[tuple[float, int, str]] = []
    total = 0
    with contextlib.suppress(OSError):
        for folder in os.scandir(root):
            if len(folder.name) == 2 and folder.is_dir():
                for f in os.scandir(folder.path):
                    with contextlib.suppress(OSError):
                        s = f.stat()
                        files.append((s.st_mtime, s.st_size, f.path))
                        total += s.st_size
    if total <= _limit():
        return
    for _, size, path in sorted(files):
        if total <= _limit():
            break
        if path != str(keep):
            with contextlib.suppress(OSError):
                os.unlink(path)
                total -= size
