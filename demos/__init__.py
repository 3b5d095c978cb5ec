"""The contract of a demo, and the way to find the demos: each folder here is one."""

from __future__ import annotations

import importlib
import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Literal

from demos.shared import answers, examples, signature
from demos.shared.signature import ContractError

log = logging.getLogger(__name__)

SHARED = "shared"  # the one folder here that is no demo
ORDER = 100


@dataclass(frozen=True)
class Demo:
    """What a folder says of itself in its `__init__.py`, as a module variable named `demo`.

    title: the tab's label, at most 20 characters.
    question: the tab's heading, which ends with a question mark.
    networks: names in `weights/manifest.json`, each `<folder>/<network>`, that the tab cannot do without.
    examples: caption -> a picture that an installed package carries, (package, path in it), or a file of the folder.
    functions: further public functions of `predict.py` that are endpoints: "transfer" becomes `/<folder>_transfer`.
    order: tabs stand by it, then by the names of their folders.
    lane: "long" where the endpoints take more than a second, so that they never take a place from short answers.
    long: of the functions, those alone that take so long.
    """

    title: str
    question: str
    networks: tuple[str, ...] = ()
    examples: Mapping[str, tuple[str, str] | str] = field(default_factory=dict)
    functions: tuple[str, ...] = ()
    order: int = ORDER
    lane: Literal["short", "long"] = "short"
    long: tuple[str, ...] = ()

    def __post_init__(self):
        for name in ("networks", "functions", "long"):
            if isinstance(getattr(self, name), str):
                raise ContractError(f"{name} of a Demo must be a tuple of names")
        if self.lane not in ("short", "long"):
            raise ContractError("lane of a Demo must be short or long")


@dataclass(frozen=True)
class Found:
    """A folder that `discover` found.

    predict, build: its public functions; None where there is a `problem`, a sentence for the visitor.
    endpoints: name -> function, `predict` under the folder's own name.
    """

    name: str
    demo: Demo
    predict: Callable | None = None
    build: Callable | None = None
    problem: str = ""
    endpoints: Mapping[str, Callable] = field(default_factory=dict)

    def lane(self, endpoint: str) -> str:
        """In which lane one of its endpoints is answered, "short" or "long"."""
        return "long" if endpoint in {f"{self.name}_{function}" for function in self.demo.long} else self.demo.lane


def prepare() -> None:
    """Read the demos' examples in the background. Returns at once."""
    threading.Thread(target=_begin_examples, daemon=True).start()


def _begin_examples() -> None:
    with ThreadPoolExecutor(2) as workers:
        for name in _names():
            with suppress(Exception):  # `discover` and whoever draws the demo say what is wrong
                examples.begin(workers, name, importlib.import_module(f"demos.{name}").demo.examples)


def discover() -> list[Found]:
    """Every demo folder, by `order`, then by name. One that does not keep the contract stays, with a `problem`."""
    found = [_find(name) for name in _names()]
    return sorted(found, key=lambda one: (one.demo.order, one.name))


def _names() -> list[str]:
    folders = (path.parent for root in __path__ for path in Path(root).glob("*/__init__.py"))
    return [folder.name for folder in folders if folder.name != SHARED]


def problem(name: str, error: Exception) -> str:
    """The sentence in the tab of a demo that cannot be started; a path of the server is never in it."""
    reason = str(error) if isinstance(error, ContractError) else type(error).__name__
    return f"This demo could not be started ({reason}). The other tabs work; the log says what to mend in demos/{name}."


def _find(name: str) -> Found:
    order = ORDER
    try:
        demo = _member(importlib.import_module(f"demos.{name}"), "demo")
        order = demo.order
        module = importlib.import_module(f"demos.{name}.predict")
        predict = _member(module, "predict")
        further = {f"{name}_{function}": _member(module, function) for function in demo.functions}
        endpoints = {name: predict, **further}
        for function in endpoints.values():
            signature.parameters(function)
            answers.schema(answers.of(function))
        build = _member(importlib.import_module(f"demos.{name}.tab"), "build")
    except Exception as error:  # a demo is somebody's code: whatever it raises must not take the others with it
        log.exception("demos/%s could not be imported", name)
        unknown = Demo(name, f"What does {name} do?", order=order)
        return Found(name, unknown, problem=problem(name, error))
    return Found(name, demo, predict, build, endpoints=endpoints)


def _member(module: ModuleType, name: str):
    if not hasattr(module, name):
        raise ContractError(f"{module.__name__} has no {name!r}")
    return getattr(module, name)
