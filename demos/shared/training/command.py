"""The command line of every demo's recipes: `python -m demos.<name>.training NETWORK`. It starts without Keras."""

import argparse
import importlib
import multiprocessing
import os
import signal
import sys
import threading

from demos.shared import data


class RecipeError(Exception):
    """A recipe cannot go on. `str(error)` is one sentence that names the remedy."""


# What a break says; a run replaces it after each epoch.
_stopped = "Stopped before the first epoch: the same command begins again."


def describe_break(text: str) -> None:
    """Set the sentence with which Ctrl-C ends from now on."""
    global _stopped
    _stopped = text


def _stop_at_once() -> None:
    """Let Ctrl-C end this process and those that it forks with one sentence and exit code 130.

    A thread hears of it: the main one would not if the signal came just before it begins to wait for a lock.
    Nothing is cleaned up: all that a run writes is written beside and then renamed.
    """
    heard, told = os.pipe()

    def stop():
        os.read(heard, 1)
        os.write(2, f"\n{_stopped}\n".encode())
        for child in multiprocessing.active_children():  # without a terminal no signal reaches them
            child.kill()
        os._exit(130)

    os.set_blocking(told, False)
    signal.set_wakeup_fd(told, warn_on_full_buffer=False)
    signal.signal(signal.SIGINT, lambda number, frame: None)
    threading.Thread(target=stop, daemon=True).start()


def main(package: str, networks: tuple[str, ...], doc: str) -> None:
    """Train the network that the command line names by its recipe, the module `package.NETWORK`.

    What is missing (a package, a data set, ImageNet's weights) ends with one sentence and exit code 1.
    """
    _stop_at_once()
    parser = argparse.ArgumentParser(
        prog=f"python -m {package}", description=doc, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("network", choices=networks)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seeds", type=int, default=1, help="train so many, for mean and deviation; the first is kept")
    parser.add_argument("--epochs", type=int, help="at most so many in each stage, to try a recipe")
    parser.add_argument("--minutes", type=float, help="of training, for a recipe that time decides")
    parser.add_argument("--go-on", action="store_true", help="begin with the shipped weights, if the recipe can")
    parser.add_argument("--replace", action="store_true", help="replace weights that were trained more")
    options = parser.parse_args()
    try:
        module = importlib.import_module(f"{package}.{options.network}")
        recipe = importlib.import_module("demos.shared.training.recipe")
        recipe.train(module, f"{package.split('.')[1]}/{options.network}", options)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] in ("demos", "weights"):
            raise
        sys.exit(f"The recipe needs the package {error.name}: pip install -r requirements-dev.txt, or that package.")
    except (RecipeError, data.Absent) as error:
        sys.exit(str(error))
