"""`python -m weights.results`: the manifest's figures -> the tables in README.md and demos/*/CARD.md."""

import argparse
import re
import sys
from itertools import groupby
from pathlib import Path

from weights import files
from weights.cards import Layout, check_headline, read_layout
from weights.schema import Entry
from weights.units import format_figure, heading

__all__ = ["Layout", "by_demo", "documents", "format_figure", "heading", "read_layout", "table"]

BEGIN, END = "<!-- results -->", "<!-- /results -->"


def table(networks: dict[str, Entry], layout: Layout | None = None) -> str:
    """A Markdown table of the manifest entries `networks`: a column each, a row for each metric of any.

    Behind the networks stand their baselines, of which there are metrics alone.
    """
    layout = layout or Layout()
    baselines = _merge_baselines(networks)
    columns = [entry.figures for entry in networks.values()] + list(baselines.values())
    metrics = list(dict.fromkeys([*layout.rows, *(key for column in columns for key in column)]))
    blank = ["–"] * len(baselines)
    rows = [
        ["Figure", *(f"`{name}`" for name in networks), *baselines],
        ["---", *["---:"] * len(columns)],
        ["Parameters", *("–" if e.parameters is None else f"{e.parameters:,}" for e in networks.values()), *blank],
        ["File", *(_size(entry.bytes) for entry in networks.values()), *blank],
    ]
    for metric in metrics:
        if metric not in layout.hidden and any(metric in column for column in columns):
            values = (layout.value(metric, column[metric]) if metric in column else "–" for column in columns)
            rows.append([layout.name(metric), *values])
    return _markdown(rows)


def _merge_baselines(networks: dict[str, Entry]) -> dict[str, dict[str, float]]:
    """The figures of the other methods that any entry was measured beside, by their names."""
    merged: dict[str, dict[str, float]] = {}
    for entry in networks.values():
        for name, figures in entry.baselines.items():
            merged[name] = merged.get(name, {}) | figures
    return merged


def _markdown(rows: list[list[str]]) -> str:
    escaped = ([cell.replace("|", "\\|") for cell in row] for row in rows)
    return "\n".join(f"| {' | '.join(row)} |" for row in escaped)


def documents(root: Path, folder: Path | None = None) -> dict[Path, str]:
    """What README.md and each card in `root` should contain, by path.

    Raises ValueError for one that lacks the two marks between which its table stands, or whose front matter is
    malformed or names what the manifest does not list.
    """
    networks = files.read_manifest((folder or files.folder()) / "manifest.json").networks
    demos = by_demo(networks)
    cards = {path.parent.name: path for path in sorted(root.glob("demos/*/CARD.md"))}
    layouts = {demo: read_layout(root / f"demos/{demo}/CARD.md") for demo in {*demos, *cards}}
    for demo, path in cards.items():
        check_headline(path, layouts[demo], demos.get(demo, {}), _merge_baselines(demos.get(demo, {})))
    found = {root / "README.md": _overview(demos, layouts, cards)}
    for demo, path in cards.items():
        found[path] = table(demos[demo], layouts[demo]) if demo in demos else ""
    return {path: _between_marks(path, text) for path, text in found.items()}


def by_demo(networks: dict[str, Entry]) -> dict[str, dict[str, Entry]]:
    """The entries of a manifest by the demo that they belong to, in alphabetical order."""
    return {
        demo: {name: networks[name] for name in names}
        for demo, names in groupby(sorted(networks), key=lambda name: name.split("/")[0])
    }


def _overview(demos: dict[str, dict[str, Entry]], layouts: dict[str, Layout], cards: dict[str, Path]) -> str:
    """The table of README: a row for each demo."""
    rows = [["Demo", "Figure", "Student project's network", "Ours", "Known reference"], ["---"] * 2 + ["---:"] * 3]
    for demo, networks in demos.items():
        title = f"[{demo}](demos/{demo}/CARD.md)" if demo in cards else demo
        rows.append([title, *_headline(networks, layouts[demo])])
    return _markdown(rows)


def _headline(networks: dict[str, Entry], layout: Layout) -> list[str]:
    """Of one demo: the figure's name, and its values for the student project's network, ours, and the reference."""
    headline, reference = layout.headline, layout.headline.reference
    measured = [metric for entry in networks.values() for metric in entry.figures]
    metric = headline.metric or next(iter([*layout.rows, *measured]), None)
    if metric is None:
        return ["–"] * 4

    def show(name: str) -> str:
        figures = networks[name].figures if name in networks else {}
        return layout.value(metric, figures[metric]) if metric in figures else "–"

    name = reference.baseline or reference.name
    value = _merge_baselines(networks).get(reference.baseline, {}).get(metric, reference.value)
    shown = f"{name}: {layout.value(metric, value)}" if name and value is not None else "–"
    ours = headline.ours or next(iter(networks))
    return [headline.row or layout.name(metric), show(headline.baseline), show(ours), shown]


def _between_marks(path: Path, text: str) -> str:
    written = path.read_text(encoding="utf-8") if path.exists() else ""
    between = re.compile(f"^{re.escape(BEGIN)}$.*?^{re.escape(END)}$", re.DOTALL | re.MULTILINE)
    if len(between.findall(written)) != 1:
        raise ValueError(f"{path} needs the lines {BEGIN} and {END}, once, for its table")
    block = f"{BEGIN}\n\n{text}\n\n{END}" if text else f"{BEGIN}\n\n{END}"
    return between.sub(lambda _: block, written)


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{count / 1e3:.0f} kB"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m weights.results", description=__doc__.partition("\n")[0])
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
