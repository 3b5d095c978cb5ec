"""Answers in words: a thing with its article, what networks know, and what two of them say."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from weights import Entry, results


@dataclass(frozen=True)
class Says:
    """What one network says. who: the network, as "ours" or "the student's network". thing: "a cat".

    is_sure: whether its answer can be trusted. is_known: whether the network knows what the other one says.
    """

    who: str
    thing: str
    is_sure: bool
    is_known: bool = True


def verdict(first: Says, second: Says, doubt: str) -> str:
    """What two networks say of one picture, of which the first counts, in words that begin with the answer.

    doubt: why the first may not be sure, such as "this may be none of the ten things".
    """
    if not first.is_sure:
        if not second.is_sure:
            return f"Neither network is sure: {doubt}."
        return capitalize(f"{first.who} is not sure: {doubt}. {capitalize(second.who)} says {second.thing}.")
    if second.is_sure and second.is_known:
        if first.thing == second.thing:
            return capitalize(f"{first.thing}. Both networks are sure.")
        return capitalize(f"{first.thing}, says {first.who}; {second.thing}, says {second.who}.")
    lack = "is not" if second.is_known else "does not know it"
    return f"{capitalize(first.thing)}. {capitalize(first.who)} is sure; {second.who} {lack}."


def capitalize(text: str) -> str:
    """The same text with a capital letter first."""
    return text[:1].upper() + text[1:]


def with_article(noun: str, uncounted: Collection[str] = ()) -> str:
    """cat -> a cat, airplane -> an airplane, shoes -> shoes. uncounted: nouns that stand alone."""
    is_plural = noun.endswith("s") and not noun.endswith("ss")
    if is_plural or noun in uncounted:
        return noun
    return f"a{'n' * (noun[:1].lower() in 'aeiou')} {noun}"


def enumerate_all(words: Sequence[str]) -> str:
    """a, b and c."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def know(things: Sequence[str]) -> str:
    """The sentence on what the networks of a demo can know. things: their classes, by name."""
    return f"The networks know {enumerate_all(things)}. They should refuse anything else."


def share(entry: Entry, metric: str) -> str | None:
    """A figure of the manifest in whole percent, "33 %"; None where it is not there."""
    value = entry.metrics.get(metric)
    return None if value is None else results.format_figure(metric, round(value, 2)).replace(".00 %", " %")


def warn(entry: Entry, sentence: str, **metrics: str) -> str:
    """A sentence with figures of the manifest; "" where one is not there. metrics: the name in the sentence -> metric.

    For example `warn(entry, "It is wrong on {share} of them.", share="false_positive_rate")`.
    """
    shares = {name: share(entry, metric) for name, metric in metrics.items()}
    return "" if None in shares.values() else sentence.format(**shares)
