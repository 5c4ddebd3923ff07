"""The C linker: its cache, errors, threads, pickling, and calling without the shim."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relgraph import cache, linkers
from relgraph.errors import AxisError, InputError, LinkError, ShapeError
from relgraph.linkers import c
from relgraph.linkers.c import compiler, executable
from relgraph.terms.term import Op

x, y = rg.vector("x", shape="n"), rg.vector("y", shape="n")
X = rg.matrix("X", shape=("n", "m"))
S = rg.matrix("S", shape=("n", "n"))

if compiler.find() is None:
    pytest.skip("no C compiler", allow_module_level=True)


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RELGRAPH_CACHE", str(tmp_path))
    monkeypatch.setattr(executable, "_loaded", {})
    return tmp_path


def libraries(root: Path) -> list[Path]:
    return sorted(p for p in root.rglob("*") if p.is_file())


# -- cache ----------------------------------------------------------------------------------------------------------------

PROGRAM = """
import numpy as np, relgraph as rg, relgraph.numpy as rnp
from relgraph.linkers import c
from relgraph.linkers.c import compiler
x = rg.vector("x", shape="n")
calls = []
run = compiler.subprocess.run
compiler.subprocess.run = lambda *a, **k: (calls.append(1), run(*a, **k))[1]
f = c.link([x], [rnp.exp(x) + 1])
assert f(np.zeros(3))[0].tolist() == [2.0, 2.0, 2.0]
print(len(calls))
"""


def test_a_second_process_compiles_nothing(tmp_path: Path) -> None:
    env = {**os.environ, "RELGRAPH_CACHE": str(tmp_path)}
    counts = [int(subprocess.run([sys.executable, "-c", PROGRAM], env=env, capture_output=True, text=True, check=True).stdout)
              for _ in range(2)]
    assert counts[0] >= 1
    assert counts[1] == 0


def test_processes_that_compile_the_same_at_once_agree(tmp_path: Path) -> None:
    env = {**os.environ, "RELGRAPH_CACHE": str(tmp_path)}
    started = [subprocess.Popen([sys.executable, "-c", PROGRAM], env=env, stdout=subprocess.PIPE) for _ in range(3)]
    for p in started:
        p.communicate()
    assert [p.returncode for p in started] == [0, 0, 0]
    assert not [p for p in libraries(tmp_path) if p.name.startswith(".making")]


def test_the_same_program_is_one_file(own_cache: Path) -> None:
    c.link([x], [rnp.tanh(x)])
    before = libraries(own_cache)
    c.link([x], [rnp.tanh(x)])
    assert libraries(own_cache) == before
    c.link([x], [rnp.tanh(x) + 1])
    assert len(libraries(own_cache)) == len(before) + 1


def test_files_used_longest_ago_go_first(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def make(size: int) -> Any:
        return lambda out: out.write_bytes(b"x" * size)
    monkeypatch.setenv("RELGRAPH_CACHE_BYTES", "1000")
    old = cache.fetch("aa1", ".so", make(400))
    new = cache.fetch("bb2", ".so", make(400))
    os.utime(old, (1e9, 1e9))
    os.utime(new, (1.5e9, 1.5e9))
    cache.fetch("aa1", ".so", make(400))
    newest = cache.fetch("cc3", ".so", make(400))
    assert old.exists()
    assert not new.exists()
    assert newest.exists()


def test_a_failed_compilation_leaves_nothing(own_cache: Path) -> None:
    found = compiler.find()
    assert found is not None
    with pytest.raises(LinkError, match="error"):
        cache.fetch("dd4", ".so", lambda out: compiler.compile_source(found, "int f( {", out))
    assert libraries(own_cache) == []


# -- errors ----------------------------------------------------------------------------------------------------------------

def test_index_out_of_range_names_the_op() -> None:
    i = rg.vector("i", shape="k", dtype="int64")
    f = c.link([x, i], [x[i] * 2])
    assert f(np.arange(3.0), np.array([-3, 2]))[0].tolist() == [0, 4]
    for bad in (3, -4):
        with pytest.raises(AxisError, match="take: an index is out of range"):
            f(np.arange(3.0), np.array([0, bad]))
    with pytest.raises(IndexError):
        f(np.zeros(0), np.array([0]))
    assert f(np.zeros(0), np.zeros(0, np.int64))[0].shape == (0,)


def test_sizes_that_do_not_fit_are_refused_before_anything_runs() -> None:
    with pytest.raises(ShapeError, match="must have length n"):
        c.link([x, y], [x + y])(np.zeros(3), np.zeros(2))
    a, b = rg.vector("a", shape="p"), rg.vector("b", shape="q")
    f = c.link([a, b], [a + b])
    assert f(np.ones(2), np.ones(2))[0].tolist() == [2, 2]
    with pytest.raises(ShapeError, match="the sizes p and q must be equal"):
        f(np.ones(2), np.ones(3))
    with pytest.raises(ValueError, match="max"):
        c.link([x], [rnp.max(x)])(np.zeros(0))


def test_wrong_arguments_are_converted_or_refused() -> None:
    f = c.link([x, y], [x + y])
    assert f([1, 2], np.array([1, 2], dtype="int32"))[0].tolist() == [2, 4]
    assert f(np.array([1.0, 2.0], dtype=">f8"), np.array([1.0, 2.0]))[0].tolist() == [2, 4]
    odd = np.frombuffer(b"\0" + np.arange(2.0).tobytes(), np.uint8)[1:].view(np.float64)
    assert f(odd, odd)[0].tolist() == [0, 2]
    with pytest.raises(InputError, match="positional"):
        f(np.zeros(2))
    with pytest.raises(InputError, match="axes"):
        f(np.zeros((2, 2)), np.zeros(2))
    with pytest.raises(InputError, match="complex128"):
        f(np.zeros(2, complex), np.zeros(2))


def test_missing_lowerings_are_listed_before_compiling() -> None:
    unknown = Op(name="unknown", kind="elementwise", dtype=lambda d: d)
    other = Op(name="another", kind="opaque", dtype=lambda d: d)
    t = other(unknown(x))
    assert [m.split(" ")[0] for m in linkers.missing("c", [t])] == ["another", "unknown"]
    with pytest.raises(LinkError, match=r"another.*unknown"):
        linkers.link("c", [x], [t])
    with pytest.raises(LinkError, match="there is no 'fortran'"):
        linkers.find("fortran")


def test_without_a_compiler_the_default_says_so_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiler, "find", lambda: None)
    monkeypatch.setattr(c, "find", lambda: None)
    monkeypatch.setattr(linkers, "_said", [])
    with pytest.warns(RuntimeWarning, match="no C compiler"):
        name = linkers.default()
    assert name in ("numba", "numpy")
    assert linkers.default() == name


# -- threads, pickling, other ways to call ------------------------------------------------------------------------------------

def test_calls_release_the_interpreter() -> None:
    """Another thread makes progress while one kernel runs."""
    f = c.link([X], [rnp.sum(rnp.tanh(rnp.exp(rnp.sin(X))), axis=0)])
    data = np.random.default_rng(0).normal(size=(3000, 1000))
    counted = [0]
    stop = threading.Event()

    def count() -> None:
        while not stop.is_set():
            counted[0] += 1
            time.sleep(0.0005)
    other = threading.Thread(target=count)
    before = sys.getswitchinterval()
    sys.setswitchinterval(1000.0)
    try:
        other.start()
        seen = counted[0]
        f(data)
        assert counted[0] > seen
    finally:
        sys.setswitchinterval(before)
        stop.set()
        other.join()


def test_threads_share_one_executable() -> None:
    f = c.link([X], [rnp.special.softmax(X, axis=-1), rnp.matrix_transpose(X) @ X])
    rng = np.random.default_rng(1)
    data = [rng.normal(size=(40, 30)) for _ in range(8)]
    wanted = [f(d) for d in data]
    wrong: list[int] = []

    def run(k: int) -> None:
        for _ in range(30):
            for a, b in zip(f(data[k]), wanted[k], strict=True):
                if not np.array_equal(a, b):
                    wrong.append(k)
    threads = [threading.Thread(target=run, args=(k,)) for k in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not wrong


@pytest.mark.parametrize("name", ["c", "numba", "numpy"])
def test_executables_pickle(name: str) -> None:
    pytest.importorskip(name if name == "numba" else "numpy")
    f = linkers.link(name, [x, X], [x @ X, rnp.special.logsumexp(X, axis=-1)])
    g = pickle.loads(pickle.dumps(f))
    values = np.arange(3.0), np.arange(6.0).reshape(3, 2)
    for a, b in zip(f(*values), g(*values), strict=True):
        np.testing.assert_array_equal(a, b)
    assert g.source == f.source


def test_results_are_the_same_without_the_shim(monkeypatch: pytest.MonkeyPatch) -> None:
    outputs = [rnp.exp(X), rnp.sum(X), rnp.matrix_transpose(X) @ x]
    f = c.link([x, X], outputs)
    monkeypatch.setattr(executable, "load", lambda compiler: None)
    g = c.link([x, X], outputs)
    assert type(g.call).__name__ == "BareCall"
    values = np.arange(4.0)[::-1], np.asfortranarray(np.arange(12.0).reshape(4, 3))
    for a, b in zip(f(*values), g(*values), strict=True):
        np.testing.assert_array_equal(a, b)
    with pytest.raises(ShapeError):
        g(np.zeros(3), np.zeros((4, 3)))
    assert g([1.0, 2.0], np.ones((2, 2)))[1] == 4


def test_one_result_comes_bare_on_request() -> None:
    a, b = rg.scalar("a"), rg.scalar("b")
    f = c.link([a, b], [a + b])
    out = f.call_one(1.0, np.array(2.0))
    assert isinstance(out, np.ndarray)
    assert out == 3


def test_large_results_are_fresh_and_their_memory_is_used_again() -> None:
    f = c.link([x], [x + 1])
    data = np.arange(100_000.0)
    first = f(data)[0]
    second = f(data)[0]
    assert not np.may_share_memory(first, second)
    at = first.ctypes.data
    del first
    assert f(data)[0].ctypes.data == at
    second.resize(10, refcheck=False)
    assert second.tolist() == list(range(1, 11))


def test_sums_are_as_accurate_as_pairwise_ones() -> None:
    data = np.random.default_rng(0).normal(size=1_000_000).astype(np.float32) + np.float32(10)
    f32 = rg.vector("f", shape="n", dtype="float32")
    found = c.link([f32], [rnp.sum(f32)])(data)[0]
    exact = float(np.sum(data.astype(np.float64)))
    assert abs(float(found) - exact) <= 4 * np.spacing(np.float32(exact))
