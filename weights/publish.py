"""Weights, cards and manifest -> a Hub model repository; the suite -> a Space that pulls them.

    python -m weights.publish weights OWNER/NAME
    python -m weights.publish space OWNER/NAME

Both can be repeated: what has not changed is not sent again. `--dry-run` lists what would be sent, and asks nobody.
"""

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path

from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi, SpaceCard, get_token
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.utils import httpx

from weights import files, space
from weights.model_cards import write_cards
from weights.results import by_demo
from weights.schema import Entry
from weights.space import Refused

VARIABLE = "LOUPE_WEIGHTS_REPO"


def collect_weights(repo: str, root: Path, folder: Path | None = None) -> dict[str, bytes]:
    """The files of the model repository `repo` by their paths: weights, manifest, and the cards in `root`.

    With a card go the pictures beside it, WebP files. Raises `Refused` when a file is not the one that the manifest
    lists; OSError, ValueError.
    """
    folder = folder or files.folder()
    networks = _networks(folder)
    contents = _weight_files(networks, folder)
    contents |= {path: str(card).encode() for path, card in write_cards(repo, root, networks).items()}
    pictures = [path for demo in by_demo(networks) for path in (root / "demos" / demo).glob("*.webp")]
    contents |= {f"{path.parent.name}/{path.name}": path.read_bytes() for path in pictures}
    listed = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    contents["manifest.json"] = json.dumps({**listed, "repository": None}, indent=2).encode()
    return contents


def publish_weights(repo: str, root: Path, *, folder: Path | None = None, api: HfApi | None = None) -> str:
    """Upload the weights, with the cards in `root`, as one commit to the model repository `repo`.

    Creates the repository if need be, records it in the local manifest and returns the commit. Raises `Refused`.
    """
    api = api or HfApi()
    contents = collect_weights(repo, root, folder)
    api.create_repo(repo, exist_ok=True)
    commit = _commit(api, repo, "model", contents)
    files.record_repository(repo, commit, folder)
    return commit


def publish_space(
    repo: str, root: Path, *, weights_repo: str = "", hardware: str = "", has_keras: bool = False,
    api: HfApi | None = None,
) -> str:  # fmt: skip
    """Make the Space `repo` hold the suite in `root`, as `space.collect` gives it, and return the commit.

    weights_repo: where its page pulls the weights from, by a variable of the Space; "" leaves that as it is.
    hardware: where it runs, ZeroGPU by default as it is created; "" leaves a Space that is there where it is.
    """
    api = api or HfApi()
    contents = space.collect(repo, root, weights_repo, hardware, has_keras)
    if api.repo_exists(repo, repo_type="space"):
        if hardware and api.get_space_runtime(repo).requested_hardware != hardware:
            api.request_space_hardware(repo, hardware)
    else:
        sdk = SpaceCard(contents["README.md"].decode()).data.sdk
        api.create_repo(repo, repo_type="space", space_sdk=sdk, space_hardware=hardware or space.ZEROGPU)
    set_to = api.get_space_variables(repo).get(VARIABLE) if weights_repo else None
    if weights_repo and (set_to is None or set_to.value != weights_repo):  # each change starts the Space anew
        api.add_space_variable(repo, VARIABLE, weights_repo)
    stale = set(api.list_repo_files(repo, repo_type="space")) - {".gitattributes", *contents}
    return _commit(api, repo, "space", contents, stale)


def _commit(api: HfApi, repo: str, kind: str, contents: dict[str, bytes], stale: Iterable[str] = ()) -> str:
    """Upload `contents` and delete `stale` in one commit, and return it; the last one where nothing has changed."""
    operations = [CommitOperationAdd(path, content) for path, content in sorted(contents.items())]
    operations += [CommitOperationDelete(path) for path in sorted(stale)]
    return api.create_commit(repo, operations, commit_message="Publish Loupe", repo_type=kind).oid


def _networks(folder: Path) -> dict[str, Entry]:
    manifest = files.read_manifest(folder / "manifest.json")
    for name, problem in manifest.malformed.items():
        raise Refused(f"{name} is not what the manifest lists ({problem}): export it again.")
    return manifest.networks


def _weight_files(networks: dict[str, Entry], folder: Path) -> dict[str, bytes]:
    contents = {}
    for name, entry in networks.items():
        try:
            for described in filter(None, (entry, entry.source)):
                contents[described.file] = files.read_file(folder / described.file, described)
        except (OSError, ValueError) as error:
            raise Refused(f"{name} is not what the manifest lists ({error}): export it again.") from None
    return contents


def _published_weights() -> str:
    """The model repository that the weights were last published to, "" where they were not."""
    published = files.read_manifest(files.folder() / "manifest.json").repository
    return published.repo if published else ""


def _run(options: argparse.Namespace) -> str:
    """Publish, or list, and return the last line to print."""
    repo, root = options.repo, Path.cwd()
    is_space = options.what == "space"
    chosen = {}
    if is_space:
        weights_repo = _published_weights() if options.weights is None else options.weights
        chosen = {"weights_repo": weights_repo, "hardware": options.hardware, "has_keras": options.keras}
        hardware = options.hardware or space.ZEROGPU
        print(f"{hardware}. {space.COSTS.get(hardware, space.PAID)}.")
        print(f"{VARIABLE}={weights_repo}" if weights_repo else "No weights are pulled: it has the bundled ones.")
    if options.dry_run:
        contents = space.collect(repo, root, **chosen) if is_space else collect_weights(repo, root)
        for path, content in sorted(contents.items()):
            print(f"{len(content):>12,}  {path}")
        return f"{sum(map(len, contents.values())):>12,}  in {len(contents)} files for {repo}; nothing was sent."
    if get_token() is None:
        raise Refused('There is no token for the Hub: run "hf auth login", or set HF_TOKEN.')
    commit = publish_space(repo, root, **chosen) if is_space else publish_weights(repo, root)
    return f"{repo} is at {commit}."


def _explain(error: HfHubHTTPError, repo: str) -> str:
    status = error.response.status_code
    if status in (401, 403):
        return f"This token may not write to {repo}: make one that may."
    if status == 402:
        return (
            f"The Hub wants a paid plan for this ({space.COSTS[space.CPU]}). Free accounts: --hardware {space.ZEROGPU}."
        )
    return f"The Hub refused {repo}: {' '.join(str(error).split())}"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m weights.publish", description=__doc__.partition("\n")[0])
    parser.add_argument("what", choices=("weights", "space"))
    parser.add_argument("repo", metavar="OWNER/NAME", help="on the Hub; created if it is not there")
    parser.add_argument("--dry-run", action="store_true", help="list every file with its size, and send nothing")
    costs = "; ".join([*space.COSTS.values(), space.PAID])
    parser.add_argument("--hardware", default="", help=f"of the Space, {space.ZEROGPU} by default. {costs}")
    parser.add_argument("--weights", metavar="OWNER/NAME", help="what the Space pulls, by default what you published")
    parser.add_argument("--keras", action="store_true", help="the Space gets TensorFlow, for the original VGG19 "
                        "and InceptionV3: 340 MB more to download as it is built")  # fmt: skip
    options = parser.parse_args(arguments)
    try:
        print(_run(options))
    except HfHubHTTPError as error:
        print(_explain(error, options.repo), file=sys.stderr)
        return 1
    except httpx.HTTPError as error:
        print(f"The Hub cannot be reached: {error}", file=sys.stderr)
        return 1
    except (Refused, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
