"""What trains: the backend of Keras, its versions, the machine, and processes that prepare batches for it."""

import contextlib
import importlib
import platform
from collections.abc import Callable, Iterable, Iterator

import keras

from weights.runtime import cores


def versions() -> dict[str, str]:
    """The versions of what trains; TensorFlow has several distributions, so the imported package is read."""
    packages = ("keras", "numpy", keras.backend.backend())
    return {package: importlib.import_module(package).__version__ for package in packages}


def machine() -> str:
    """What trains, in words for the manifest."""
    if is_accelerated():
        import torch

        return torch.cuda.get_device_name()
    return f"{platform.machine()}, {cores()} cores"


def is_accelerated() -> bool:
    """Whether Keras trains on PyTorch with CUDA."""
    if keras.backend.backend() != "torch":
        return False
    import torch

    return torch.cuda.is_available()


def fastest_policy() -> str:
    """The policy of numbers in which plain convolutions train fastest.

    PyTorch's bfloat16, but on processors without AVX-512, which take ten times as long for it as for float32.
    """
    if keras.backend.backend() != "torch":
        return "float32"
    import torch

    is_fast = is_accelerated() or torch.backends.cpu.get_cpu_capability() == "AVX512"
    return "mixed_bfloat16" if is_fast else "float32"


@contextlib.contextmanager
def dtype_policy(policy: str) -> Iterator[None]:
    """Layers are built with this policy of numbers, for as long as this lasts."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def fastest_format() -> str:
    """The data format in which plain convolutions train fastest."""
    return "channels_first" if keras.backend.backend() == "torch" and not is_accelerated() else "channels_last"


class _Calls:
    """A data set of a function's results: its indices are tuples of arguments."""

    def __init__(self, function: Callable):
        self.function = function

    def __getitem__(self, arguments: tuple):
        return self.function(*arguments)


def prefetch(function: Callable, jobs: Iterable[tuple]) -> Iterator:
    """The results of `function` for each of `jobs`, tuples of arguments, in their order.

    With an accelerator other processes compute them ahead, and arrays come as PyTorch's tensors.
    """
    if not is_accelerated():
        return (function(*job) for job in jobs)
    from torch.utils.data import DataLoader

    options = {"num_workers": max(1, cores() - 3), "multiprocessing_context": "fork", "pin_memory": True}
    # A generator, since the loader's own iterator asks `jobs` for their number where somebody asks whether it is there.
    return (result for result in DataLoader(_Calls(function), batch_size=None, sampler=jobs, **options))
