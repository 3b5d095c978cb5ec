"""The cards of a Hub model repository: a demo's own, completed from the manifest, and one over all demos."""

import re
from pathlib import Path

from huggingface_hub import EvalResult, ModelCard, ModelCardData

from weights import results
from weights.cards import Layout, read_layout
from weights.schema import Entry


def write_cards(repo: str, root: Path, networks: dict[str, Entry]) -> dict[str, ModelCard]:
    """The cards of the repository `repo` by their paths in it, from those in `root`.

    Front matter that a card itself does not have is completed from the manifest's entries.
    """
    demos = results.by_demo(networks)
    cards = {f"{demo}/README.md": _card(root, demo, own) for demo, own in demos.items()}
    return {"README.md": _overview(repo, root, networks, cards), **cards}


def _card(root: Path, demo: str, networks: dict[str, Entry]) -> ModelCard:
    path = root / "demos" / demo / "CARD.md"
    layout = read_layout(path)
    card = ModelCard(
        path.read_text(encoding="utf-8") if path.exists() else f"---\nlibrary_name: keras\n---\n# {demo}\n"
    )
    card.data.pop("loupe", None)  # the layout of the table, which is drawn
    card.data.library_name = card.data.library_name or "keras"
    card.data.license = card.data.license or _license(networks)
    card.data.datasets = card.data.datasets or _datasets(networks) or None
    card.data.model_name = demo
    card.data.eval_results = _eval_results(networks, layout, card.data.pipeline_tag) or None
    return card


def _overview(repo: str, root: Path, networks: dict[str, Entry], cards: dict[str, ModelCard]) -> ModelCard:
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
            results.table(own, read_layout(root / "demos" / demo / "CARD.md")),
        ]
    return ModelCard("\n\n".join(parts) + "\n")


def _license(networks: dict[str, Entry]) -> str:
    licenses = {(entry.license or "other").lower() for entry in networks.values()}
    return licenses.pop() if len(licenses) == 1 else "other"


def _datasets(networks: dict[str, Entry]) -> list[str]:
    """The data sets of the Hub that the networks were trained on."""
    named = {entry.recipe.dataset for entry in networks.values()}
    return sorted(name for name in named if re.fullmatch(r"[\w.-]+/[\w.-]+", name))


def _eval_results(networks: dict[str, Entry], layout: Layout, task: str | None) -> list[EvalResult]:
    """The figures for the Hub, which wants with each a task (the card's pipeline_tag) and a data set.

    That is the one which the card says that it was measured on, else the one that the network was trained on.
    """
    found = []
    for name, entry in networks.items():
        for metric, value in entry.metrics.items():
            dataset, trained_on = layout.find_dataset(metric), entry.recipe.dataset
            if task and (dataset or trained_on):
                found.append(
                    EvalResult(
                        task_type=task,
                        dataset_type=dataset.type if dataset else trained_on,
                        dataset_name=dataset.name if dataset else trained_on,
                        metric_type=metric,
                        metric_name=f"{results.heading(metric)} ({name})",
                        metric_value=value,
                    )
                )
    return found
