"""`python -m weights.results`: the manifest's figures -> the tables in README.md and demos/*/CARD.md."""

import argparse
import re
import sys
from itertools import groupby
from pathlib import Path

from weights import files

BEGIN, END = "<!-- results -->", "<!-- /results -->"

_UPPER = "AUPR AUROC ECE F1 FPR ID LPIPS MAE MSE NLL OOD PSNR SSIM".split()
_SPELLED = {"map": "mAP", "ms": "ms", **{word.lower(): word for word in _UPPER}}
_FRACTIONS = set("accuracy aupr auroc coverage ece f1 fpr map precision rank recall share".split())


def table(networks: dict[str, dict]) -> str:
    """A Markdown table of the manifest entries `networks`: a column each, a row for each metric of any.

    Behind them stand the other methods with which an entry was `compared`, of which there are metrics alone.
    """
    others = {name: {"metrics": of} for entry in networks.values() for name, of in entry.get("compared", {}).items()}
    networks = networks | others
    metrics = list(dict.fromkeys(key for entry in networks.values() for key in entry.get("metrics", {})))
    rows = [
        ["Figure", *(name if name in others else f"`{name}`" for name in networks)],
        ["---", *["---:"] * len(networks)],
        ["Parameters", *(f"{entry['parameters']:,}" if "parameters" in entry else "–" for entry in networks.values())],
        ["File", *(_size(entry["bytes"]) if "bytes" in entry else "–" for entry in networks.values())],
    ]
    for key in metrics:
        found = [entry.get("metrics", {}) for entry in networks.values()]
        rows.append([heading(key), *(figure(key, metric[key]) if key in metric else "–" for metric in found)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def heading(metric: str) -> str:
    """A metric's name to be read: "calibration_error" -> "Calibration error", "auroc_far" -> "AUROC far"."""
    first, *rest = metric.split("_")
    return " ".join([_SPELLED.get(first, first.capitalize()), *(_SPELLED.get(word, word) for word in rest)])


def figure(metric: str, value: float) -> str:
    """A metric's value to be read: the fractions among them in percent, others with four digits."""
    is_fraction = _FRACTIONS & set(metric.split("_")) or "calibration_error" in metric
    if is_fraction and 0 <= value <= 1:
        return f"{100 * value:.2f} %"
    return f"{value:,}" if isinstance(value, int) else f"{value:#.4g}"


def documents(root: Path, folder: Path | None = None) -> dict[Path, str]:
    """What README.md and each card in `root` should contain, by path.

    Raises ValueError for one that lacks the two marks between which its table stands.
    """
    networks = files.read_manifest((folder or files.folder()) / "manifest.json")["networks"]
    demos = by_demo(networks)
    cards = {path.parent.name: path for path in sorted(root.glob("demos/*/CARD.md"))}
    found = {root / "README.md": "\n\n".join(_section(demo, demos[demo], demo in cards) for demo in demos)}
    for demo, path in cards.items():
        found[path] = table(demos[demo]) if demo in demos else ""
    return {path: _between_marks(path, text) for path, text in found.items()}


def by_demo(networks: dict[str, dict]) -> dict[str, dict[str, dict]]:
    """The entries of a manifest by the demo that they belong to, in alphabetical order."""
    return {
        demo: {name: networks[name] for name in names}
        for demo, names in groupby(sorted(networks), key=lambda name: name.split("/")[0])
    }


def _section(demo: str, networks: dict, has_card: bool) -> str:
    title = f"[{demo}](demos/{demo}/CARD.md)" if has_card else demo
    return f"### {title}\n\n{table(networks)}"


def _between_marks(path: Path, text: str) -> str:
    written = path.read_text(encoding="utf-8") if path.exists() else ""
    between = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
    if len(between.findall(written)) != 1:
        raise ValueError(f"{path} needs the lines {BEGIN} and {END}, once, for its table")
    block = f"{BEGIN}\n\n{text}\n\n{END}" if text else f"{BEGIN}\n\n{END}"
    return between.sub(lambda _: block, written)


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{count / 1e3:.0f} kB"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m weights.results", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail if something would change")
    options = parser.parse_args(arguments)
    try:
        wanted = documents(Path.cwd())
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    stale = [path for path, text in wanted.items() if path.read_text(encoding="utf-8") != text]
    for path in stale:
        verb = "differs from the manifest" if options.check else "written"
        print(f"{path.relative_to(Path.cwd())}: {verb}")
        if not options.check:
            path.write_text(wanted[path], encoding="utf-8")
    if stale and options.check:
        print('Run "python -m weights.results".', file=sys.stderr)
    return 1 if stale and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
