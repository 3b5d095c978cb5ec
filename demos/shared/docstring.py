"""What a docstring says: of a function or a class in all, and of each of its parameters or fields."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable

_RAISES = re.compile(r"(^|(?<=[.] ))Raises .*", re.DOTALL)


def read(documented: object, names: Iterable[str]) -> tuple[str, dict[str, str]]:
    """The summary of a docstring, and the text of each of `names` that it describes; each on one line.

    A name, or several with commas between them, and a colon begin a text: "k: how many pictures. crop: a window."
    What follows "Raises" is for callers in Python and is left out. Of a class, those it inherits from are read as well.
    """
    names, texts = list(names), {}
    for one in reversed(getattr(documented, "__mro__", (documented,))):
        summary, own = _read(inspect.cleandoc(one.__doc__ or "") if one is not object else "", names)
        texts |= own
    return summary, texts


def _read(doc: str, names: list[str]) -> tuple[str, dict[str, str]]:
    text = _RAISES.sub("", " ".join(doc.split()))
    if not names:
        return text.strip(), {}
    name = "|".join(map(re.escape, names))
    marks = list(re.finditer(rf"(?:^|(?<=[.;] ))((?:{name})(?:, (?:{name}))*): ", text))
    ends = [mark.start() for mark in marks[1:]] + [len(text)] * bool(marks)
    texts = {}
    for mark, end in zip(marks, ends, strict=True):
        texts |= dict.fromkeys(mark[1].split(", "), _sentence(text[mark.end() : end]))
    return _sentence(text[: marks[0].start()] if marks else text), texts


def _sentence(text: str) -> str:
    """With a capital letter and a full stop."""
    text = text.strip().rstrip(".;")
    return f"{text[0].upper()}{text[1:]}." if text else ""
