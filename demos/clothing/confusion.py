"""`python -m demos.clothing.confusion` writes the confusion matrix of the manifest onto the card."""

from html import escape
from pathlib import Path

import weights
from demos.clothing.predict import LABELS

CARD = Path(__file__).with_name("CARD.md")
BEGIN, END = "<!-- confusion -->", "<!-- /confusion -->"


def read_counts(entry: weights.Entry) -> list[list[int]]:
    """How often a garment of the row's class was taken for one of the column's, on held-out pictures.

    Empty where the manifest does not say.
    """
    return getattr(entry.recipe, "confusion_matrix", [])


def to_markdown(entry: weights.Entry, labels: tuple[str, ...]) -> str:
    """The matrix as a table for the card."""
    rows = [["A picture of", *labels], ["---", *["---:"] * len(labels)]]
    rows += [[label, *map(str, row)] for label, row in zip(labels, read_counts(entry), strict=True)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def to_html(entry: weights.Entry, labels: tuple[str, ...]) -> str:
    """The matrix as a table for the page: each cell says how often one is taken for the other."""
    counts = read_counts(entry)
    if not counts:
        return ""
    head = "".join(f'<th scope="col">{escape(label)}</th>' for label in labels)
    rows = (
        f'<tr><th scope="row">{escape(label)}</th>'
        f"{''.join(_cell(label, other, count, sum(row)) for other, count in zip(labels, row, strict=True))}</tr>"
        for label, row in zip(labels, counts, strict=True)
    )
    return (
        f'<div class="wide" tabindex="0"><table class="confusion"><thead><tr><td></td>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _cell(label: str, other: str, count: int, total: int) -> str:
    verb = "recognized" if label == other else f"taken for {other}"
    share = count / max(1, total)
    kind = ' class="right"' if label == other else ""
    said = escape(f"{count} of {total} pictures of {label} are {verb}")
    return f'<td{kind} style="--share:{share:.2f}" title="{said}"><span aria-label="{said}">{count or "·"}</span></td>'


def on_card(text: str, entry: weights.Entry) -> str:
    """The text of the card with the matrix between its marks."""
    above, _, rest = text.partition(BEGIN)
    return f"{above}{BEGIN}\n\n{to_markdown(entry, LABELS['efficientnet'])}\n\n{END}{rest.partition(END)[2]}"


def main() -> None:
    entry = weights.manifest().networks["clothing/efficientnet"]
    CARD.write_text(on_card(CARD.read_text(encoding="utf-8"), entry), encoding="utf-8")


if __name__ == "__main__":
    main()
