"""A program as one C file that includes no header.

``rg_plan(dims, out)`` checks the sizes of the arguments and writes the shapes of the results and the bytes of scratch
memory; ``rg_run(data, strides, dims, out, scratch)`` computes.  Both return 0, the number of a `Failure` of
the program, or -1 for an integer to a negative power.
``rg_init(allocate, release, library)`` hands over an allocator and the BLAS and LAPACK routines that ``routines`` lists.
"""

from __future__ import annotations

from collections import Counter

from ...terms import dims
from ...terms.dims import Dim
from ..buffers import touched
from ..ir import Call, Check, Kernel, Program, View
from .kernel import KernelWriter, sizes_used
from .prelude import needed
from .scalars import C_TYPES, condition, integer, name

__all__ = ["routines", "source"]

_HEAD = """\
typedef unsigned char b8;
typedef __INT8_TYPE__ i8;
typedef __INT16_TYPE__ i16;
typedef __INT32_TYPE__ i32;
typedef __INT64_TYPE__ i64;
typedef __UINT8_TYPE__ u8;
typedef __UINT16_TYPE__ u16;
typedef __UINT32_TYPE__ u32;
typedef __UINT64_TYPE__ u64;
typedef __SIZE_TYPE__ size_t;
#ifdef RG_VECTOR_MATH
#define RG_SIMD __attribute__((simd("notinbranch")))
#else
#define RG_SIMD
#endif
"""
_ARGUMENTS = "char *const *data, const i64 *const *strides, const i64 *const *dims, char *const *out, char *scratch"


def source(p: Program) -> str:
    """The C source of a program."""
    reductions: dict[str, str] = {}
    functions: list[str] = []
    calls: list[str] = []
    for i, step in enumerate(p.steps):
        if isinstance(step, Kernel):
            text, buffers, sizes = KernelWriter(p.buffers, reductions).write(i, step)
            functions.append(f"/* {_comment(step.text)} */\n{text}")
            arguments = ", ".join([f"p{b}" for b in buffers] + [name(n) for n in sizes])
            calls.append(f"    if ((status = k{i}({arguments}))) return status;")
        else:
            functions.append(f"/* {_comment(step.text)} */\n{_call(p, i, step)}")
            calls.append(f"    if ((status = k{i}(data, strides, dims, out, scratch))) return status;")
    plan, run = _plan(p), _run(p, calls, any("rg_ipow_" in f for f in functions))
    declared = [f"#pragma omp declare reduction({r} : {key}" for key, r in reductions.items()]
    body = "\n\n".join([*declared, *functions, plan, run])
    externals, prelude, library = needed(body)
    parts = [_HEAD]
    allocates = bool(library) or any("rg_malloc" in text for text in prelude)
    if allocates:
        parts.append("static void *(*rg_malloc)(size_t);\nstatic void (*rg_free)(void *);")
        parts += ["\n".join(f"static void *{r};" for r in library)] if library else []
    if externals:
        parts.append("\n".join(externals))
    parts += prelude
    parts.append(body)
    parts.append(_init(library, allocates))
    return "\n\n".join(parts) + "\n"


def routines(text: str) -> list[str]:
    """The BLAS and LAPACK routines a source expects, in the order of ``library``."""
    return [line[len("static void *lib_"):-1] for line in text.splitlines() if line.startswith("static void *lib_")]


def _comment(text: str) -> str:
    return text.replace("*/", "* /")


def _init(library: list[str], allocates: bool) -> str:
    lines = ["void rg_init(void *(*allocate)(size_t), void (*release)(void *), void **library)", "{"]
    if allocates:
        lines += ["    rg_malloc = allocate;", "    rg_free = release;"]
    lines += [f"    {r} = library[{i}];" for i, r in enumerate(library)]
    return "\n".join([*lines, "}"])


def _sizes(p: Program, wanted: set[str]) -> list[str]:
    return [f"    const i64 {name(n)} = dims[{i}][{k}];" for n, i, k in p.sizes if n in wanted]


def _names(ds: list[Dim]) -> set[str]:
    return {n for d in ds for n in dims.names(d) if not n.startswith("%")}


def _plan(p: Program) -> str:
    shapes = [d for t in p.outputs for d in t.shape]
    scratch = list(p.slots)
    conditions = [d for c in p.checks for d in (c.condition.left, c.condition.right)]
    lines = ["int rg_plan(const i64 *const *dims, i64 *out)", "{", *_sizes(p, _names([*shapes, *scratch, *conditions]))]
    lines += [_check(c) for c in p.checks]
    lines += [f"    out[{i}] = {integer(d)};" for i, d in enumerate(shapes)]
    lines += [f"    out[{len(shapes)}] = {_bytes(Counter(scratch))};", "    return 0;", "}"]
    return "\n".join(lines)


def _bytes(slots: Counter[Dim]) -> str:
    """The bytes slots take, each rounded up to 64; those of one size are counted, so that thousands are one product."""
    known = sum(((s + 127) & -64) * n for s, n in slots.items() if isinstance(s, int))
    parts = [f"{f'{n}*' if n > 1 else ''}(({integer(s)} + 127) & -64)" for s, n in slots.items() if not isinstance(s, int)]
    return " + ".join([*parts, *([integer(known)] if known else [])]) or "0"


def _check(c: Check) -> str:
    text = condition(c.condition)
    for i, k in sorted({tuple(map(int, n[2:].split("_"))) for d in (c.condition.left, c.condition.right)
                        for n in dims.names(d) if n.startswith("%n")}):
        text = text.replace(f"n{i}_{k}", f"dims[{i}][{k}]", 1)
    return f"    if (!({text})) return {c.code};"


def _run(p: Program, calls: list[str], faults: bool) -> str:
    used = {b for s in p.steps if isinstance(s, Kernel) for b in touched(s)}
    wanted = {n for s in p.steps if isinstance(s, Kernel) for n in sizes_used(s.body)}
    wanted |= {n for s in p.steps if isinstance(s, Kernel) for b in s.zero for d in p.buffers[b].shape for n in dims.names(d)}
    wanted |= _names(list(p.slots))
    lines = [f"int rg_run({_ARGUMENTS})", "{", *_sizes(p, wanted), *_buffers(p, used), "    int status;"]
    if faults:
        lines.append("    rg_fault = 0;")
    return "\n".join([*lines, *calls, f"    return {'rg_fault ? -1 : 0' if faults else '0'};", "}"])


def _buffers(p: Program, used: set[int]) -> list[str]:
    """Pointers to the buffers a function uses."""
    lines = []
    offsets: dict[int, str] = {}
    slots = {p.buffers[b].position for b in used if p.buffers[b].kind == "scratch"}
    before: Counter[Dim] = Counter()
    for i, s in enumerate(p.slots):
        if i in slots:
            offsets[i] = _bytes(before)
        before[s] += 1
    for b in sorted(used):
        x = p.buffers[b]
        where = {"input": f"data[{x.position}]", "const": f"data[{len(p.inputs) + x.position}]", "output": f"out[{x.position}]",
                 "scratch": f"(scratch + ({offsets.get(x.position, '0')}))"}[x.kind]
        t = C_TYPES[x.dtype.name]
        lines.append(f"    {t} *const p{b} = ({t} *){where};")
    return lines


def _call(p: Program, number: int, c: Call) -> str:
    views = [*c.operands, *c.results]
    ds = [d for v in views for d in (*v.shape, *v.strides, v.offset)] + list(c.core) + list(c.batch)
    slot_names = _names(list(p.slots)) if any(p.buffers[v.buffer].kind == "scratch" for v in views) else set()
    lines = [f"static int k{number}({_ARGUMENTS})", "{", *_sizes(p, _names(ds) | slot_names)]
    lines += _buffers(p, {v.buffer for v in views})
    for n in sorted({n for d in ds for n in dims.names(d) if n.startswith("%s")}):
        i, k = n[2:].split("_")
        size = p.buffers[int(i)].dtype.itemsize
        lines.append(f"    const i64 {name(n)} = strides[{i}][{k}] / {size};")
    indent = "    "
    for j, d in enumerate(c.batch):
        lines.append(f"{indent}for (i64 i{j} = 0; i{j} < {integer(d)}; i{j}++)")
        indent += "    "
    arguments = [integer(d) for d in c.core]
    nb = len(c.batch)
    for k, v in enumerate(views):
        result = k >= len(c.operands)
        ncore = c.ranks[k]
        arguments.append(f"p{v.buffer}{_offset(v, nb, ncore)}")
        if not result:
            arguments += [integer(s) for s in v.strides[len(v.strides) - ncore:]]
    arguments += [str(int(a)) for a in c.attrs]
    routine = f"{c.routine}_{c.dtype.name}"
    lines.append(f"{indent}if ({routine}({', '.join(arguments)})) return {c.code};")
    return "\n".join([*lines, "    return 0;", "}"])


def _offset(v: View, batch: int, ncore: int) -> str:
    d = v.offset
    lead = len(v.shape) - ncore
    for j in range(lead):
        if v.shape[j] != 1:
            d = dims.add(d, dims.mul(f"%i{batch - lead + j}", v.strides[j]))
    return "" if d == 0 else f" + {integer(d)}"
