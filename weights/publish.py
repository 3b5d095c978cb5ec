"""`python -m weights.publish`: weights, cards, manifest -> a Hub model repository; the suite -> a Space."""

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from huggingface_hub import (
    CommitOperationAdd,
    CommitOperationDelete,
    EvalResult,
    HfApi,
    ModelCard,
    ModelCardData,
    SpaceCard,
    get_token,
)
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.utils import httpx

from weights import files, results
from weights.schema import Entry

# What a Space has no use for: tests, and the files that only training and export read.
_NOT_IN_A_SPACE = re.compile(r"(tests|\.github|\.ci)/|.*\.keras$")


class Refused(Exception):
    """Nothing was published; `str(error)` is one sentence that says why."""


def publish_weights(repo: str, root: Path, *, folder: Path | None = None, api: HfApi | None = None) -> str:
    """Upload the weights, with the cards in `root`, as one commit to the model repository `repo`.

    With a card go the pictures beside it, WebP files. Creates the repository if need be, records it in the local
    manifest and returns the commit. Raises `Refused` when a file is not the one that the manifest lists.
    """
    folder, api = folder or files.folder(), api or HfApi()
    networks = _networks(folder)
    contents = _weight_files(networks, folder)
    cards = {demo: _card(root, demo, own) for demo, own in results.by_demo(networks).items()}
    contents |= {f"{demo}/README.md": str(card).encode() for demo, card in cards.items()}
    pictures = [path for demo in cards for path in (root / "demos" / demo).glob("*.webp")]
    contents |= {f"{path.parent.name}/{path.name}": path.read_bytes() for path in pictures}
    contents["README.md"] = str(_overview(repo, root, networks, cards)).encode()
    listed = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    contents["manifest.json"] = json.dumps({**listed, "repository": None}, indent=2).encode()
    api.create_repo(repo, exist_ok=True)
    commit = _commit(api, repo, "model", contents)
    files.record_repository(repo, commit, folder)
    return commit


def _networks(folder: Path) -> dict[str, Entry]:
    manifest = files.read_manifest(folder / "manifest.json")
    for name, problem in manifest.malformed.items():
        raise Refused(f"{name} is not what the manifest lists ({problem}): export it again.")
    return manifest.networks


def publish_space(repo: str, root: Path, *, api: HfApi | None = None) -> str:
    """Make the Space `repo` hold what git tracks in `root`, less tests and .keras files, and return the commit.

    The front matter of README.md is the Space's configuration.
    """
    api = api or HfApi()
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, check=True, capture_output=True, text=True)
    tracked = [file for file in listed.stdout.split("\0") if file and not _NOT_IN_A_SPACE.match(file)]
    readme = root / "README.md"
    sdk = SpaceCard.load(readme).data.sdk if "README.md" in tracked else None
    if not sdk:
        raise Refused("README.md must be tracked by git and begin with a Space's front matter, with its sdk.")
    contents = {file: (root / file).read_bytes() for file in tracked}
    api.create_repo(repo, repo_type="space", space_sdk=sdk, exist_ok=True)
    stale = set(api.list_repo_files(repo, repo_type="space")) - {".gitattributes", *tracked}
    return _commit(api, repo, "space", contents, stale)


def _commit(api: HfApi, repo: str, kind: str, contents: dict[str, bytes], stale: Iterable[str] = ()) -> str:
    """Upload `contents` and delete `stale` in one commit, and return it."""
    operations = [CommitOperationAdd(path, content) for path, content in sorted(contents.items())]
    operations += [CommitOperationDelete(path) for path in sorted(stale)]
    return api.create_commit(repo, operations, commit_message="Publish Loupe", repo_type=kind).oid


def _weight_files(networks: dict[str, Entry], folder: Path) -> dict[str, bytes]:
    contents = {}
    for name, entry in networks.items():
        try:
            for described in filter(None, (entry, entry.source)):
                contents[described.file] = files.read_file(folder / described.file, described)
        except (OSError, ValueError) as error:
            raise Refused(f"{name} is not what the manifest lists ({error}): export it again.") from None
    return contents


def _card(root: Path, demo: str, networks: dict[str, Entry]) -> ModelCard:
    """A demo's card, its front matter completed from the manifest where the card itself says nothing."""
    path = root / "demos" / demo / "CARD.md"
    card = ModelCard(
        path.read_text(encoding="utf-8") if path.exists() else f"---\nlibrary_name: keras\n---\n# {demo}\n"
    )
    card.data.pop("loupe", None)  # the layout of the table, which is drawn
    card.data.library_name = card.data.library_name or "keras"
    card.data.license = card.data.license or _license(networks)
    card.data.datasets = card.data.datasets or _datasets(networks) or None
    card.data.model_name = demo
    card.data.eval_results = _eval_results(networks, card.data.pipeline_tag) or None
    return card


def _overview(repo: str, root: Path, networks: dict[str, Entry], cards: dict[str, ModelCard]) -> ModelCard:
    """The model repository's own card: all networks, and where their cards are."""
    title = repo.split("/")[-1]
    data = ModelCardData(
        library_name="keras",
        license=_license(networks),
        tags=["litert", "tflite", "loupe"],
        datasets=_datasets(networks) or None,
        model_name=title,
        eval_results=[result for card in cards.values() for result in card.data.eval_results or []] or None,
    )
    parts = [f"---\n{data.to_yaml()}\n---", f"# {title}"]
    for demo, own in results.by_demo(networks).items():
        parts += [
            f"## [{demo}]({demo}/README.md)",
            results.table(own, results.read_layout(root / "demos" / demo / "CARD.md")),
        ]
    return ModelCard("\n\n".join(parts) + "\n")


def _license(networks: dict[str, Entry]) -> str:
    licenses = {(entry.license or "other").lower() for entry in networks.values()}
    return licenses.pop() if len(licenses) == 1 else "other"


def _datasets(networks: dict[str, Entry]) -> list[str]:
    """The data sets of the Hub that the networks were trained on."""
    named = {entry.recipe.dataset for entry in networks.values()}
    return sorted(name for name in named if re.fullmatch(r"[\w.-]+/[\w.-]+", name))


def _eval_results(networks: dict[str, Entry], task: str | None) -> list[EvalResult]:
    """The figures for the Hub, which wants with each a task (the card's pipeline_tag) and a data set."""
    return [
        EvalResult(
            task_type=task,
            dataset_type=entry.recipe.dataset,
            dataset_name=entry.recipe.dataset,
            metric_type=metric,
            metric_name=f"{results.heading(metric)} ({name})",
            metric_value=value,
        )
        for name, entry in networks.items()
        if task and entry.recipe.dataset
        for metric, value in entry.metrics.items()
    ]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m weights.publish", description=__doc__)
    parser.add_argument("what", choices=("weights", "space"))
    parser.add_argument("repo", help="owner/name on the Hub")
    options = parser.parse_args(arguments)
    publish = publish_weights if options.what == "weights" else publish_space
    try:
        if get_token() is None:
            raise Refused('There is no token for the Hub: run "hf auth login", or set HF_TOKEN.')
        commit = publish(options.repo, Path.cwd())
    except HfHubHTTPError as error:
        if error.response.status_code in (401, 403):
            print(f"This token may not write to {options.repo}: make one that may.", file=sys.stderr)
        else:
            reason = " ".join(str(error).split())
            print(f"The Hub refused {options.repo}: {reason}", file=sys.stderr)
        return 1
    except httpx.HTTPError as error:
        print(f"The Hub cannot be reached: {error}", file=sys.stderr)
        return 1
    except (Refused, OSError, ValueError, subprocess.CalledProcessError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{options.repo} is at {commit}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
