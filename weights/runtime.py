"""A verified file -> a network that answers, from many threads at once."""

import math
import os
import threading
import time
from collections.abc import Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType

from weights import memory
from weights.inside import Inside, Layer
from weights.schema import Entry, Tensor

# Beyond four, threads gain these small networks little and interpreters cost memory.
MOST_THREADS = 4
# A batch is run in pieces of at most this many input values, so that memory does not grow with the batch.
PIECE = 2**19
# What `release` gives up: an interpreter that was set to more input values holds up to hundreds of megabytes.
LARGE = 2**15


class Network:
    """A network that answers batches, safe to call from many threads at once.

    `name` is "demo/network", `entry` the manifest entry that came with the file, `origin` says where from:
    "bundled", or "owner/name@abc1234".
    """

    def __init__(self, content: bytes, name: str, entry: Entry, origin: str = "bundled"):
        """Of `content`, a .tflite file whose digest was checked. ValueError if it does not fit `entry`."""
        self.name, self.entry, self.origin = name, entry, origin
        _check(content, entry)
        self._stored = memory.Stored(content)
        self._threads = min(cores(), MOST_THREADS)
        self._seats = threading.Semaphore(self._threads)
        self._lock = threading.Lock()
        self._idle: list[_Runner] = []
        self._insides: dict[str, Inside] = {}
        self._is_open = False

    def __repr__(self) -> str:
        return f"<Network {self.name} ({self.origin})>"

    def open(self) -> None:
        """Prepare to answer, in some 20 ms and more memory than its file takes, if that was not done. Idempotent."""
        inputs = self.entry.inputs
        if not self._is_open and all(None not in tensor.shape[1:] for tensor in inputs.values()):
            self({name: np.zeros([1, *tensor.shape[1:]], tensor.dtype) for name, tensor in inputs.items()})
        self._is_open = True

    def __call__(self, batch: np.ndarray | Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Outputs by name, each an array of its own with one row per row of `batch`.

        batch: the array of the only input, or an array for each input by its name, all of one number of rows, which
        may be 0. Shapes and dtypes are those of `entry.inputs` and `entry.outputs`.
        Raises ValueError when `batch` has other inputs, shapes or dtypes.
        """
        batch = self._check(batch)
        outputs = self.entry.outputs
        count = len(next(iter(batch.values())))
        if not count:
            return {name: np.zeros([size or 0 for size in o.shape], o.dtype) for name, o in outputs.items()}
        rows = max(1, PIECE // sum(array[0].size for array in batch.values()))
        parts = [{name: array[i : i + rows] for name, array in batch.items()} for i in range(0, count, rows)]
        pieces = [self._run(part) for part in parts]
        if len(pieces) == 1:
            return pieces[0]
        return {name: np.concatenate([piece[name] for piece in pieces]) for name in outputs}

    def _check(self, batch) -> dict[str, np.ndarray]:
        """The batch as an array for each input, in the order of the entry. ValueError."""
        inputs = self.entry.inputs
        if len(inputs) == 1 and not isinstance(batch, Mapping):
            batch = {next(iter(inputs)): batch}
        if not isinstance(batch, Mapping) or batch.keys() != inputs.keys():
            got = f"inputs {', '.join(map(str, batch))}" if isinstance(batch, Mapping) else type(batch).__name__
            raise ValueError(f"{self.name} takes the inputs {', '.join(inputs)} by name, not {got}")
        for name, tensor in inputs.items():
            if not _fits(batch[name], tensor):
                got = batch[name]
                got = f"{got.dtype} {got.shape}" if isinstance(got, np.ndarray) else type(got).__name__
                shape = ", ".join("any" if size is None else str(size) for size in tensor.shape)
                raise ValueError(f"{self.name} takes {name} as {tensor.dtype} ({shape}), not {got}")
        if len({len(array) for array in batch.values()}) > 1:
            raise ValueError(f"{self.name} takes as many rows of {' as of '.join(inputs)}")
        return {name: batch[name] for name in inputs}

    def _run(self, batch: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        with self._borrow([array.shape for array in batch.values()]) as runner:
            return runner(batch)

    @contextmanager
    def _borrow(self, shapes: list[tuple]):
        """An interpreter for this thread alone: one set to `shapes`, else the longest idle, else a new one.

        There are at most as many as there are seats. One that fails is not used again.
        """
        with self._seats:
            with self._lock:
                runner = next((r for r in self._idle if r.shapes == shapes), self._idle[0] if self._idle else None)
                if runner is not None:
                    self._idle.remove(runner)
            runner = runner or _Runner(self._stored, self._threads)
            yield runner
            with self._lock:
                self._idle.append(runner)

    def look_inside(self, batch: np.ndarray, output: str = "probabilities") -> list[Layer]:
        """What each layer on the way to an output gives for one input, an array of one row; first layer first.

        The network has one input. It is run once more, in an interpreter that keeps all values and that answers do not
        wait for. Raises ValueError as a call does, and for more rows than one.
        """
        (batch,) = self._check(batch).values()
        if len(batch) != 1:
            raise ValueError(f"{self.name} can be looked into for one input at a time, not for {len(batch)}")
        with self._lock:
            if output not in self._insides:
                self._insides[output] = Inside(self._stored, output)
        return self._insides[output](batch)

    def release(self) -> None:
        """Free the memory of interpreters that have grown large; the next call may take a little longer."""
        with self._lock:
            large = [runner for runner in self._idle if sum(map(math.prod, runner.shapes)) > LARGE]
            self._idle = [runner for runner in self._idle if runner not in large]
        for runner in large:
            runner.close()

    def rest(self, seconds: float) -> None:
        """Free the interpreters that many at once have needed and nobody for so many seconds; one stays."""
        before = time.monotonic() - seconds
        with self._lock:
            unused = [runner for runner in self._idle[:-1] if runner.used_at <= before]
            self._idle = [runner for runner in self._idle if runner not in unused]
        for runner in unused:
            runner.close()


class _Runner:
    """One interpreter, for one thread at a time."""

    def __init__(self, stored: memory.Stored, threads: int):
        self._interpreter, self._mapped = stored.interpret(num_threads=threads)
        self.shapes: list[tuple] = []
        self.used_at = time.monotonic()
        signature = self._interpreter.get_signature_runner()
        self._inputs, self._outputs = signature.get_input_details(), signature.get_output_details()

    def __call__(self, batch: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        shapes = [array.shape for array in batch.values()]
        if shapes != self.shapes:
            self.shapes = []
            for name, array in batch.items():
                self._interpreter.resize_tensor_input(self._inputs[name]["index"], array.shape)
            self._interpreter.allocate_tensors()
            self.shapes = shapes
            memory.forget(self._mapped)  # the weights are packed now
        for name, array in batch.items():
            self._interpreter.set_tensor(self._inputs[name]["index"], array)
        self._interpreter.invoke()
        self.used_at = time.monotonic()
        # `get_tensor` copies; `tensor` would give a view into memory that the next call overwrites.
        return {name: self._interpreter.get_tensor(out["index"]) for name, out in self._outputs.items()}

    def close(self) -> None:
        """Free its memory, and return to the system what the GNU allocator would keep for a next time."""
        self._interpreter = None
        memory.trim()


def _fits(array, tensor: Tensor) -> bool:
    return (
        isinstance(array, np.ndarray)
        and array.dtype == np.dtype(tensor.dtype)
        and array.ndim == len(tensor.shape)
        and all(have == want for have, want in zip(array.shape, tensor.shape, strict=True) if want)
        and 0 not in array.shape[1:]
    )


def _check(content: bytes, entry: Entry) -> None:
    """ValueError unless the file's own names and dtypes are those of `entry`."""
    # The default delegate would pack all weights for a run that does not come.
    plain = OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
    signature = Interpreter(model_content=content, experimental_op_resolver_type=plain).get_signature_runner()
    own = signature.get_input_details(), signature.get_output_details()
    for found, listed in zip(own, (entry.inputs, entry.outputs), strict=True):
        found = {name: np.dtype(tensor["dtype"]).name for name, tensor in found.items()}
        listed = {name: tensor.dtype for name, tensor in listed.items()}
        if found != listed:
            raise ValueError(f"its file has {found} where the manifest lists {listed}")


def cores(groups: Path = Path("/sys/fs/cgroup"), membership: Path = Path("/proc/self/cgroup")) -> int:
    """How many cores this process may use, at least 1: by affinity, and by the quota of its control groups.

    `groups` is where control groups (version 1 or 2) are mounted, `membership` lists those of this process.
    """
    affinity = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        lines = membership.read_text().splitlines()
    except OSError:
        return affinity
    quotas = [quota for line in lines for quota in _quotas(groups, *line.split(":", 2)[1:])]
    return max(1, min([affinity, *(round(quota) for quota in quotas)]))


def _quotas(groups: Path, controllers: str, path: str):
    """The quotas, in cores, of one control group and all above it."""
    if controllers and "cpu" not in controllers.split(","):
        return
    # In a container the path may be the host's; the container's own group is then the root of the mount.
    for group in [Path(path.lstrip("/")), *Path(path.lstrip("/")).parents]:
        try:
            if controllers:
                quota = int((groups / "cpu" / group / "cpu.cfs_quota_us").read_text())
                period = int((groups / "cpu" / group / "cpu.cfs_period_us").read_text())
            else:
                quota, period = map(int, (groups / group / "cpu.max").read_text().split())
        except (OSError, ValueError):
            continue
        if quota > 0 and period > 0:
            yield quota / period
