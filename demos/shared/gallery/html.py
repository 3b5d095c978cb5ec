"""Matches and galleries as HTML: rows of pictures that can be clicked."""

import base64
from collections.abc import Callable
from html import escape

import numpy as np

from demos.shared.gallery.encoder import Encoder
from demos.shared.gallery.gallery import Gallery, Match
from demos.shared.gallery.query import Answer
from demos.shared.ui import html as ui_html
from demos.shared.ui.html import milliseconds

# A picture that is clicked becomes the query, and by the button beneath it the picture of another input: the page has
# it. What the element shows changes, so the listener is the element's. The picture's new place is brought in sight.
# Of what the server was asked for by several clicks the last stays, however late the others come.
CHOOSE = """element.addEventListener("click", (event) => {
  const act = event.target.closest("[data-act]");
  const button = act?.previousElementSibling ?? event.target.closest("[data-position]");
  if (!button) return;
  const { pictures, query } = window.loupe;
  const place = act ? [...pictures].find((one) => one.element.closest(`#${act.dataset.gives}`)) : query();
  place?.choose({ url: button.querySelector("img").src });
  const scene = document.getElementById(act?.dataset.to) ?? place?.element.closest(".loupe");
  const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
  if (act || scene?.getBoundingClientRect().top < 0) scene.scrollIntoView({ block: "start", behavior });
});
const asked = (content) => Number(/data-asked="(\\d+)"/.exec(content)?.[1]);
let shown = props.value;
watch("value", () => {
  if (asked(props.value) < asked(shown)) props.value = shown;
  else shown = props.value;
});"""
# Numbers a question whose answer such an element shows; the place of the number is the element's own value.
NUMBER = "(mine) => [mine, ++window.loupe.count]"
NO_MATCH = "Nothing in the database is like your picture; these are nearest."
NOT_SURE = "None of these is surely like your picture."


def measure_distance(match: Match) -> tuple[float, str, str]:
    """How full the bar of a match is, in [0, 1], what stands beneath it, and what a screen reader says."""
    distance = f"{match.distance:.2f}"
    return (
        scale(match.percentile),
        distance,
        f"distance {distance}, nearer than {match.percentile:.1f} % of the database",
    )


def row(
    encoder: Encoder,
    answer: Answer,
    gallery: Gallery,
    act: str = "",
    to: str = "",
    gives: str = "",
    measure: Callable = measure_distance,
) -> str:
    """One encoder's row: its title, whether anything is like the query, and the pictures that it found.

    act: the text of a button beneath each of these; "" for none. to: the id of where that leads. gives: the id of the
    picture input that it gives the picture to. measure: says of a match how near it is, as `measure_distance` does.
    """
    small = milliseconds(answer.milliseconds)
    precision = answer.entry.metrics.get("precision_at_4") if answer.entry else None
    if precision is not None:
        small += f"; on average {100 * precision:.0f} % of its first four are of the same kind as the picture"
    doubt = "" if answer.is_match else f'<p class="doubt">{NOT_SURE if is_possible(answer) else NO_MATCH}</p>'
    matches = "".join(_match(match, gallery, measure(match)) + _act(match, act, to, gives) for match in answer.matches)
    note = f'<p class="small">{escape(encoder.note)}</p>' if encoder.note else ""
    kind = "matches acts" if act else "matches"
    return card(encoder.title, small, f'{doubt}<div class="{kind}">{matches}</div>{note}')


def is_possible(answer: Answer) -> bool:
    """Whether the nearest picture is more likely than not of the query's kind, of an encoder that knows how likely."""
    return any((getattr(match, "probability", None) or 0) >= 0.5 for match in answer.matches[:1])


def say(answer: Answer | None) -> str:
    """What is most like the query, in words, of the encoder that counts; "" where it does not answer.

    Parts of one picture, which its title says behind a comma, count once.
    """
    if answer is None or not answer.matches:
        return ""
    titles = (match.title.partition(",")[0] or "an untitled picture" for match in answer.matches)
    titles = dict.fromkeys(
        title[0].lower() + title[1:] if title.startswith(("A ", "An ", "The ")) else title for title in titles
    )
    if not answer.is_match:
        doubt = "Perhaps like yours:" if is_possible(answer) else "Nothing here is like yours; nearest is"
        return ui_html.say(f"{doubt} {next(iter(titles))}.")
    return ui_html.say(f"Most like yours: {', '.join(list(titles)[:3])}.")


def empty_row(encoder: Encoder, sentence: str) -> str:
    """The row of an encoder that does not answer, with the reason."""
    return card(encoder.title, "", f'<p class="small">{escape(sentence)}</p>')


def card(title: str, small: str, content: str) -> str:
    """The card of an encoder: its title, small print beside it, and HTML."""
    return f'<article class="card found"><h3>{escape(title)} <small>{escape(small)}</small></h3>{content}</article>'


def _match(match: Match, gallery: Gallery, measured: tuple[float, str, str]) -> str:
    share, beneath, heard = measured
    title = match.title or "untitled"
    return (
        f"{button(gallery, match.id, f'{title}, {heard}')}<span>{escape(title)}</span>"
        f'<i style="--share:{share:.3f}"></i><small>{escape(beneath)}</small></button>'
    )


def _act(match: Match, act: str, to: str, gives: str) -> str:
    if not act:
        return ""
    label = escape(f"{act}: {match.title or 'untitled'}")
    leads = f'data-act data-to="{to}" data-gives="{gives}"'
    return f'<button type="button" class="act" {leads} aria-label="{label}">{act}</button>'


def scale(percentile: float) -> float:
    """How full a bar is, in [0, 1]: a third where 90 % of the database are further away, two thirds at 99 %, and full
    at 99.9 %."""
    return float(np.clip(-np.log10(max(1 - percentile / 100, 1e-3)) / 3, 0, 1))


def button(gallery: Gallery, position: int, alt: str, kind: str = "") -> str:
    """A picture to click on, still open: whoever calls ends the button. kind: its class."""
    picture = f'<img src="{data_uri(gallery.pictures[position])}" alt="{escape(alt)}">'
    attributes = f'data-position="{position}" class="{kind}" title="Look for pictures like this one"'
    return f'<button type="button" {attributes}>{picture}'


def shelf(gallery: Gallery, start: int, count: int) -> str:
    """Pictures of a gallery in their order, from `start` on."""
    positions = range(start, min(start + count, len(gallery)))
    tiles = "".join(f"{button(gallery, at, gallery.titles[at] or 'untitled')}</button>" for at in positions)
    where = f"{positions.start + 1} to {positions.stop} of {len(gallery):,}"
    return f'<div class="shelf">{tiles}</div><p class="small">{where}</p>'


def picture(gallery: Gallery, position: int) -> str:
    """One picture and what is known of it."""
    title, credit = gallery.titles[position] or "untitled", gallery.credits[position]
    caption = escape(title) + (f". {escape(credit)}." if credit else "")
    opened = button(gallery, position, title)
    return f'<figure class="one">{opened}</button><figcaption>{caption}</figcaption></figure>'


def answer_question(answer, number):
    """An answer, HTML, that says to which question of the page it is; anything else as it is."""
    is_numbered = isinstance(answer, str) and type(number) is int
    return f'{answer}<i hidden data-asked="{number}"></i>' if is_numbered else answer


def data_uri(content: bytes) -> str:
    """An encoded picture as a data URI."""
    kind = "webp" if content[8:12] == b"WEBP" else "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"
