"""Texts from outside made safe to send on and to show, such as titles and values of calls; and counts in words."""

import unicodedata

LONGEST = 200  # characters of a title
_JOINERS = "\u200c\u200d"  # within words of Persian, and within emoji
# Control and format characters, those that turn the direction of what follows among them; halves of a character, which
# no file can hold; ends of lines and paragraphs.
_UNSAFE = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def clean(text: str, longest: int = LONGEST) -> str:
    """A text on one line without control and direction characters and lone surrogates, at most `longest` long."""
    kept = (one if unicodedata.category(one) not in _UNSAFE or one in _JOINERS else " " for one in text[: 4 * longest])
    return " ".join("".join(kept).split())[:longest]


def join_surrogates(text: str) -> str:
    """A text whose halves of characters are put together, or replaced by a question mark where one is alone."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def count(number: int, noun: str) -> str:
    """1 picture, 2,000 pictures."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def are(number: int) -> str:
    """The verb behind a count."""
    return "is" if number == 1 else "are"
