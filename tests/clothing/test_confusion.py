"""The confusion matrix, on the page and on the card."""

import re

import weights
from demos.clothing import confusion
from demos.clothing.predict import LABELS

NAMES = ("hat", "shoes")


def entry_with(counts: list[list[int]]) -> weights.Entry:
    entry = weights.load("cifar10/airbench").entry
    return entry.model_copy(update={"recipe": weights.schema.Recipe.model_validate({"confusion_matrix": counts})})


def test_cell_says_how_often_one_is_taken_for_the_other():
    drawn = confusion.to_html(entry_with([[8, 2], [0, 5]]), NAMES)
    assert "2 of 10 pictures of hat are taken for shoes" in drawn
    assert "5 of 5 pictures of shoes are recognized" in drawn
    assert re.findall(r"--share:([\d.]+)", drawn) == ["0.80", "0.20", "0.00", "1.00"]


def test_table_of_the_card_has_a_row_for_each_class():
    rows = confusion.to_markdown(entry_with([[8, 2], [0, 5]]), NAMES).splitlines()
    assert rows[0] == "| A picture of | hat | shoes |" and rows[2:] == ["| hat | 8 | 2 |", "| shoes | 0 | 5 |"]


def test_manifest_without_a_matrix_draws_none():
    assert confusion.to_html(weights.load("cifar10/airbench").entry, NAMES) == ""


def test_card_has_the_matrix_of_the_manifest():
    entry = weights.manifest().networks["clothing/efficientnet"]
    text = confusion.CARD.read_text(encoding="utf-8")
    assert confusion.on_card(text, entry) == text
    assert len(confusion.read_counts(entry)) == len(LABELS["efficientnet"])
