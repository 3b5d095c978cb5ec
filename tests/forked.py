"""Commands in processes of their own, forked from one that has imported Keras already, which takes seconds."""

import multiprocessing
import os
import runpy
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from tests.waiting import wait_for

_server = multiprocessing.get_context("forkserver")
_server.set_forkserver_preload(["keras"])


class Command:
    """`python -m module arguments` in a folder, and what it has printed. Its processes are a group of their own."""

    def __init__(self, module: str, arguments: tuple[str, ...], folder: Path, environment: Mapping[str, str]):
        self._printed = [folder / f"{time.monotonic_ns()}.{kind}" for kind in ("out", "err")]
        given = module, arguments, folder, {**os.environ, **environment}, self._printed
        self.process = _server.Process(target=_run, args=given)
        self.process.start()
        wait_for(lambda: self.process.exitcode is not None or self._printed[1].exists())

    @property
    def out(self) -> str:
        return self._printed[0].read_text()

    @property
    def err(self) -> str:
        return self._printed[1].read_text()

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        os.killpg(self.process.pid, signal.SIGINT)

    def wait(self) -> int:
        """The exit code."""
        self.process.join(180)
        assert self.process.exitcode is not None, self.out + self.err
        return self.process.exitcode


def _run(module: str, arguments: tuple[str, ...], folder: Path, environment: dict[str, str], printed: list[Path]):
    os.setsid()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for stream, path in zip((sys.stdout, sys.stderr), printed, strict=True):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), stream.fileno())
        stream.reconfigure(write_through=True)
    sys.path[:0] = environment["PYTHONPATH"].split(os.pathsep)
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
