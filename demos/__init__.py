"""The contract of a demo, and the way to find the demos: each folder here is one."""

from __future__ import annotations

import importlib
import logging
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Demo:
    """What a folder says of itself in its `__init__.py`, as a module variable named `demo`.

    title: the tab's label, at most 20 characters.
    question: the tab's heading, a question that the demo answers.
    networks: names in `weights/manifest.json`, each `<folder>/<network>`, that the tab cannot do without.
    """

    title: str
    question: str
    networks: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """A folder that `discover` found: `demo`, `predict` and `build` where it imports, else `problem`."""

    name: str
    demo: Demo
    predict: Callable | None = None
    build: Callable | None = None
    problem: str = ""


def discover() -> list[Found]:
    """Every demo folder, in alphabetical order. One that fails to import keeps its place, with a `problem`."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__) if module.ispkg)
    return [_find(name) for name in names]


def _find(name: str) -> Found:
    try:
        demo = _member(importlib.import_module(f"demos.{name}"), "demo")
        predict = _member(importlib.import_module(f"demos.{name}.predict"), "predict")
        build = _member(importlib.import_module(f"demos.{name}.tab"), "build")
    except Exception as error:  # a demo is somebody's code: whatever it raises must not take the others with it
        log.exception("demos/%s could not be imported", name)
        return Found(name, Demo(name, f"What does {name} do?", ()), problem=_problem(name, error))
    return Found(name, demo, predict, build)


def _member(module: ModuleType, name: str):
    if not hasattr(module, name):
        raise AttributeError(f"{module.__name__} has no {name!r}")
    return getattr(module, name)


def _problem(name: str, error: Exception) -> str:
    return (
        f"This demo could not be started ({type(error).__name__}). "
        f"The other tabs work; the log says what to mend in demos/{name}."
    )
