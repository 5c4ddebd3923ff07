/* The one object between Python and compiled programs: checks arguments, allocates results, runs without the GIL.

   A Call is made from the addresses of rg_plan and rg_run and a signature.  What it cannot take as it is (a list, another
   dtype, a subclass) it hands to `slow`, which converts and calls again; failures go to `fail`, which raises. */

#define PY_SSIZE_T_CLEAN
#define NPY_NO_DEPRECATED_API NPY_1_22_API_VERSION
#define NPY_TARGET_VERSION NPY_1_22_API_VERSION
#include <Python.h>
#include <structmember.h>
#include <numpy/arrayobject.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#ifdef __linux__
#include <sys/mman.h>
#endif

typedef int (*plan_fn)(npy_intp *const *, npy_intp *);
typedef int (*run_fn)(char *const *, npy_intp *const *, npy_intp *const *, char *const *, char *);

/* -- memory of large arrays, kept for the next call: fresh pages cost more than most kernels ------------------------------ */

enum { LARGE = 1 << 17, KEPT = 16 };
static size_t kept_limit = (size_t)256 << 20;
static struct { void *at; size_t size; } kept[KEPT];
static size_t kept_total;
static atomic_flag kept_lock = ATOMIC_FLAG_INIT;

typedef struct { size_t size; size_t pad[7]; } head;

static void lock(void) { while (atomic_flag_test_and_set_explicit(&kept_lock, memory_order_acquire)) { } }
static void unlock(void) { atomic_flag_clear_explicit(&kept_lock, memory_order_release); }

static void *large_new(size_t size)
{
    const size_t unit = size >= ((size_t)4 << 20) ? (size_t)2 << 20 : 64;
    const size_t total = (size + sizeof(head) + unit - 1) / unit * unit;
    void *p = NULL;
    if (posix_memalign(&p, unit, total)) return NULL;
#ifdef MADV_HUGEPAGE
    if (unit > 64) madvise(p, total, MADV_HUGEPAGE);
#endif
    ((head *)p)->size = total - sizeof(head);
    return (head *)p + 1;
}

static void *large_malloc(void *context, size_t size)
{
    void *found = NULL;
    lock();
    for (int i = 0; i < KEPT; i++) {
        if (kept[i].at && kept[i].size >= size && kept[i].size <= size + size / 4) {
            found = kept[i].at;
            kept_total -= kept[i].size;
            kept[i].at = NULL;
            break;
        }
    }
    unlock();
    return found ? found : large_new(size);
}

static void large_free(void *context, void *p, size_t size)
{
    if (!p) return;
    head *h = (head *)p - 1;
    lock();
    if (h->size >= LARGE && kept_total + h->size <= kept_limit) {
        for (int i = 0; i < KEPT; i++) {
            if (!kept[i].at) {
                kept[i].at = p;
                kept[i].size = h->size;
                kept_total += h->size;
                unlock();
                return;
            }
        }
    }
    unlock();
    free(h);
}

static void *large_calloc(void *context, size_t n, size_t size)
{
    void *p = large_malloc(context, n * size);
    if (p) memset(p, 0, n * size);
    return p;
}

static void *large_realloc(void *context, void *p, size_t size)
{
    if (!p) return large_malloc(context, size);
    head *h = (head *)p - 1;
    void *q = large_malloc(context, size);
    if (q) {
        memcpy(q, p, h->size < size ? h->size : size);
        large_free(context, p, 0);
    }
    return q;
}

static PyDataMem_Handler handler = {"relgraph", 1, {NULL, large_malloc, large_calloc, large_realloc, large_free}};
static PyObject *handler_capsule;

static PyObject *new_array(int type, int ndim, npy_intp *shape)
{
    npy_intp n = 1;
    for (int k = 0; k < ndim; k++) n *= shape[k];
    if (n * 16 < LARGE) return PyArray_SimpleNew(ndim, shape, type);
    PyObject *before = PyDataMem_SetHandler(handler_capsule);
    if (!before) return NULL;
    PyObject *out = PyArray_SimpleNew(ndim, shape, type);
    PyObject *mine = PyDataMem_SetHandler(before);
    Py_DECREF(before);
    Py_XDECREF(mine);
    return out;
}

/* -- calls ------------------------------------------------------------------------------------------------------------ */

typedef struct {
    PyObject_HEAD
    vectorcallfunc vectorcall;
    plan_fn plan;
    run_fn run;
    int nin, nconst, nout, ndims, single, calls;
    int *in_type, *in_ndim, *in_strided, *out_type, *out_ndim;
    PyObject *constants, *slow, *fail;
} Call;

static PyObject *failed(Call *f, int code, PyObject *const *args, Py_ssize_t n)
{
    PyObject *given = PyTuple_New(n);
    if (!given) return NULL;
    for (Py_ssize_t i = 0; i < n; i++) PyTuple_SET_ITEM(given, i, Py_NewRef(args[i]));
    PyObject *out = PyObject_CallFunction(f->fail, "iN", code, given);
    if (out) {
        Py_DECREF(out);
        PyErr_SetString(PyExc_SystemError, "a failure was not raised");
    }
    return NULL;
}

static PyObject *call(PyObject *self, PyObject *const *args, size_t nargsf, PyObject *names)
{
    Call *f = (Call *)self;
    const Py_ssize_t n = PyVectorcall_NARGS(nargsf);
    if (names || n != f->nin) return PyObject_Vectorcall(f->slow, args, nargsf, names);
    const int nin = f->nin, nptr = nin + f->nconst;
    union { double d; float f; npy_int64 i; } numbers[nin + 1];
    char *data[nptr + 1];
    npy_intp *dims[nin + 1], *strides[nin + 1], shape[f->ndims + 1];
    PyObject *made[nin + 1], *outs[f->nout + 1], *result = NULL;
    char *out[f->nout + 1];
    int nmade = 0, nout = 0, code;
    size_t bytes = 0;
    for (int i = 0; i < nin; i++) {
        PyObject *o = args[i];
        if (PyArray_CheckExact(o)) {
            PyArrayObject *a = (PyArrayObject *)o;
            if (PyArray_TYPE(a) != f->in_type[i] || PyArray_NDIM(a) != f->in_ndim[i] || !PyArray_ISBEHAVED_RO(a)) goto slow;
            if (!PyArray_IS_C_CONTIGUOUS(a)) {
                int fits = f->in_strided[i];
                for (int k = 0; fits && k < PyArray_NDIM(a); k++) fits = PyArray_STRIDE(a, k) % PyArray_ITEMSIZE(a) == 0;
                if (!fits) {
                    a = (PyArrayObject *)PyArray_NewCopy(a, NPY_CORDER);
                    if (!a) goto done;
                    made[nmade++] = (PyObject *)a;
                }
            }
            data[i] = PyArray_BYTES(a);
            dims[i] = PyArray_DIMS(a);
            strides[i] = PyArray_STRIDES(a);
            if (f->in_ndim[i]) bytes += (size_t)PyArray_NBYTES(a);
        } else if (f->in_ndim[i] == 0 && f->in_type[i] == NPY_DOUBLE && PyFloat_Check(o)) {
            numbers[i].d = PyFloat_AS_DOUBLE(o);
            data[i] = (char *)&numbers[i];
        } else goto slow;
    }
    for (int i = 0; i < f->nconst; i++) data[nin + i] = PyArray_BYTES((PyArrayObject *)PyTuple_GET_ITEM(f->constants, i));
    if ((code = f->plan(dims, shape))) {
        failed(f, code, args, n);
        goto done;
    }
    for (npy_intp *s = shape; nout < f->nout; s += f->out_ndim[nout], nout++) {
        outs[nout] = new_array(f->out_type[nout], f->out_ndim[nout], s);
        if (!outs[nout]) goto drop;
        out[nout] = PyArray_BYTES((PyArrayObject *)outs[nout]);
        if (f->out_ndim[nout]) bytes += (size_t)PyArray_NBYTES((PyArrayObject *)outs[nout]);
    }
    {
        char small[2048 + 64], *scratch = (char *)(((size_t)small + 63) & ~(size_t)63), *big = NULL;
        const size_t wanted = (size_t)shape[f->ndims];
        if (wanted > 2048) {
            scratch = big = large_malloc(NULL, wanted);
            if (!big) {
                PyErr_NoMemory();
                goto drop;
            }
        }
        if (bytes + wanted > 4096 || f->calls) {
            Py_BEGIN_ALLOW_THREADS
            code = f->run(data, strides, dims, out, scratch);
            Py_END_ALLOW_THREADS
        } else code = f->run(data, strides, dims, out, scratch);
        large_free(NULL, big, 0);
    }
    if (code) {
        failed(f, code, args, n);
        goto drop;
    }
    if (f->single) result = Py_NewRef(outs[0]);
    else if ((result = PyTuple_New(nout))) for (int i = 0; i < nout; i++) PyTuple_SET_ITEM(result, i, Py_NewRef(outs[i]));
drop:
    while (nout) Py_DECREF(outs[--nout]);
done:
    while (nmade) Py_DECREF(made[--nmade]);
    return result;
slow:
    while (nmade) Py_DECREF(made[--nmade]);
    return PyObject_Vectorcall(f->slow, args, nargsf, names);
}

static int *ints(PyObject *list)
{
    const Py_ssize_t n = PyTuple_GET_SIZE(list);
    int *out = PyMem_Malloc((size_t)(n + 1) * sizeof(int));
    for (Py_ssize_t i = 0; out && i < n; i++) out[i] = (int)PyLong_AsLong(PyTuple_GET_ITEM(list, i));
    return out;
}

static PyObject *call_new(PyTypeObject *type, PyObject *args, PyObject *names)
{
    unsigned long long plan, run;
    PyObject *in_type, *in_ndim, *in_strided, *out_type, *out_ndim, *constants, *slow, *fail;
    int single, calls;
    if (!PyArg_ParseTuple(args, "KKO!O!O!O!O!O!OOii", &plan, &run, &PyTuple_Type, &in_type, &PyTuple_Type, &in_ndim,
                          &PyTuple_Type, &in_strided, &PyTuple_Type, &out_type, &PyTuple_Type, &out_ndim, &PyTuple_Type,
                          &constants, &slow, &fail, &single, &calls)) return NULL;
    Call *f = (Call *)type->tp_alloc(type, 0);
    if (!f) return NULL;
    f->vectorcall = call;
    f->plan = (plan_fn)(size_t)plan;
    f->run = (run_fn)(size_t)run;
    f->nin = (int)PyTuple_GET_SIZE(in_type);
    f->nout = (int)PyTuple_GET_SIZE(out_type);
    f->nconst = (int)PyTuple_GET_SIZE(constants);
    f->in_type = ints(in_type);
    f->in_ndim = ints(in_ndim);
    f->in_strided = ints(in_strided);
    f->out_type = ints(out_type);
    f->out_ndim = ints(out_ndim);
    for (int i = 0; i < f->nout; i++) f->ndims += f->out_ndim[i];
    f->single = single;
    f->calls = calls;
    f->constants = Py_NewRef(constants);
    f->slow = Py_NewRef(slow);
    f->fail = Py_NewRef(fail);
    return (PyObject *)f;
}

static int call_traverse(Call *f, visitproc visit, void *arg)
{
    Py_VISIT(f->constants);
    Py_VISIT(f->slow);
    Py_VISIT(f->fail);
    return 0;
}

static int call_clear(Call *f)
{
    Py_CLEAR(f->constants);
    Py_CLEAR(f->slow);
    Py_CLEAR(f->fail);
    return 0;
}

static void call_dealloc(Call *f)
{
    PyObject_GC_UnTrack(f);
    call_clear(f);
    PyMem_Free(f->in_type);
    PyMem_Free(f->in_ndim);
    PyMem_Free(f->in_strided);
    PyMem_Free(f->out_type);
    PyMem_Free(f->out_ndim);
    Py_TYPE(f)->tp_free((PyObject *)f);
}

static PyTypeObject call_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "relgraph_shim.Call",
    .tp_basicsize = sizeof(Call),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_HAVE_GC,
    .tp_vectorcall_offset = offsetof(Call, vectorcall),
    .tp_call = PyVectorcall_Call,
    .tp_new = call_new,
    .tp_dealloc = (destructor)call_dealloc,
    .tp_traverse = (traverseproc)call_traverse,
    .tp_clear = (inquiry)call_clear,
    .tp_doc = "A compiled program as a callable of arrays.",
};

static PyObject *allocator(PyObject *self, PyObject *args)
{
    return Py_BuildValue("KK", (unsigned long long)(size_t)malloc, (unsigned long long)(size_t)free);
}

static PyMethodDef methods[] = {
    {"allocator", allocator, METH_NOARGS, "Addresses of the functions that routines take and give back memory with."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "relgraph_shim", NULL, -1, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_relgraph_shim(void)
{
    import_array();
    handler_capsule = PyCapsule_New(&handler, "mem_handler", NULL);
    if (!handler_capsule || PyType_Ready(&call_type) < 0) return NULL;
    PyObject *m = PyModule_Create(&module);
    if (m && PyModule_AddObjectRef(m, "Call", (PyObject *)&call_type) < 0) Py_CLEAR(m);
    return m;
}
