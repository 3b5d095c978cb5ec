"""What a Hub Space of the suite holds, where it may run, and what that costs."""

import re
import subprocess
from pathlib import Path

from huggingface_hub import SpaceCard

# What a Space has no use for: tests, and what only recipes, figures and export read.
_UNUSED = re.compile(r"(tests|\.github|\.ci)/.*|requirements-.*|Dockerfile|\.dockerignore|.*\.keras")
_TRAINING = re.compile(r"demos/\w+/training/")
# The line of requirements.txt beneath which stands what the page does not need.
_BENEATH = "# The recipes"
THUMBNAIL = "docs/thumbnail.jpg"
ZEROGPU, CPU = "zero-a10g", "cpu-basic"
# Whether and how an account may have a Gradio Space there (November 2026).
COSTS = {
    ZEROGPU: "ZeroGPU: free, also for a free account, which may have two such Spaces; no GPU is ever asked for",
    CPU: "cpu-basic: two cores, free by the hour, but only an account with a paid plan may create a Gradio Space on it",
}
PAID = "any other hardware is paid by the hour, see https://huggingface.co/pricing"


class Refused(Exception):
    """Nothing was published; `str(error)` is one sentence that says why."""


def collect(repo: str, root: Path, weights_repo: str = "", hardware: str = "", has_keras: bool = False) -> dict:
    """The files of the Space `repo` by their paths: what git tracks in `root` and the page serves from.

    weights_repo: the model repository that the page pulls from. has_keras: whether the original VGG19 and
    InceptionV3 are to answer, which need TensorFlow. The front matter of README.md is the Space's
    configuration, and is completed. Raises Refused where it is missing or git lists no files; OSError.
    """
    tracked = [file for file in _list_tracked(root) if not _UNUSED.fullmatch(file)]
    tracked = [file for file in tracked if has_keras or not _TRAINING.match(file)]
    readme = root / "README.md"
    if "README.md" not in tracked or not SpaceCard.load(readme).data.sdk:
        raise Refused("README.md must be tracked by git and begin with a Space's front matter, with its sdk.")
    contents = {file: (root / file).read_bytes() for file in tracked}
    card = SpaceCard.load(readme)
    card.data.suggested_hardware = hardware or ZEROGPU
    if weights_repo:
        card.data.models = [weights_repo]
    if THUMBNAIL in contents:
        card.data.thumbnail = f"https://huggingface.co/spaces/{repo}/resolve/main/{THUMBNAIL}"
    contents["README.md"] = str(card).encode()
    if "requirements.txt" in contents and not has_keras:
        contents["requirements.txt"] = requirements(contents["requirements.txt"].decode()).encode()
    return contents


def _list_tracked(root: Path) -> list[str]:
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, check=True, capture_output=True, text=True)
    except FileNotFoundError:
        raise Refused("A Space is given the files that git tracks: install git.") from None
    except subprocess.CalledProcessError as error:
        reason = " ".join(error.stderr.split())
        raise Refused(f"A Space is given the files that git tracks, and git says: {reason}") from None
    return listed.stdout.split("\0")[:-1]


def requirements(text: str) -> str:
    """The part of requirements.txt that the page needs to serve."""
    return text.partition(_BENEATH)[0]
