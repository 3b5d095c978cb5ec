"""What was found, as HTML: rows of pictures with camera and probability, and the parts that matched."""

from html import escape

import numpy as np

from demos.shared.gallery import html as gallery_html
from demos.shared.gallery.encoder import Encoder
from demos.shared.gallery.gallery import Gallery
from demos.shared.text import count
from demos.shared.ui import html
from demos.vehicles.predict import Answer, Comparison, Match

THERE, ABSENT = "Probably in the gallery", "Probably not in the gallery"
UNLIKE = "Unlike anything in the gallery"
JUDGED = {"embedding": "ours", "baseline": "the student project's"}  # as the count names them
SAME, OTHER = "same vehicle", "another vehicle"


def row(encoder: Encoder, answer: Answer, gallery: Gallery) -> str:
    """One network's card: whether the vehicle is there, and the likeliest pictures."""
    entry = answer.entry
    small = html.small_print(entry, answer.milliseconds, "rank_1_60", "of queries among 60 test vehicles")
    matches = "".join(_match(match, gallery) for match in answer.matches)
    return gallery_html.card(encoder.title, small, f'{_verdict(answer)}<div class="matches">{matches}</div>')


def _verdict(answer: Answer) -> str:
    """Whether the vehicle is there, as one large line."""
    if answer.is_unlike_all:
        return f'<p class="answer unsure">{UNLIKE}</p>'
    best = max((match.probability for match in answer.matches), default=0)
    text = f"{THERE if answer.is_match else ABSENT}, {html.percent(best if answer.is_match else 1 - best)}"
    return f'<p class="answer{"" if answer.is_match else " unsure"}">{html.escape(text)}</p>'


def _match(match: Match, gallery: Gallery) -> str:
    """A picture with its camera and probability, framed where it is known whether it shows the same vehicle."""
    kind = "" if match.is_same is None else "same" if match.is_same else "other"
    truth = {"same": "same", "other": "another", "": ""}[kind]
    where = f"camera {match.camera}" if match.camera else match.title or "untitled"
    probability = html.percent(match.probability)
    alt = ", ".join(filter(None, (match.title or "untitled", where, probability, truth)))
    opened = gallery_html.button(gallery, match.id, alt, kind)
    said = f"<em>{truth}</em>" if truth else ""
    return (
        f'{opened}<span>{escape(where)}</span><i style="--share:{match.probability:.3f}"></i>'
        f"<small>{escape(probability)}</small>{said}</button>"
    )


def say(answers: dict[str, Answer], gallery: Gallery) -> str:
    """What ours says of the query, in words, and what is known of it; "" while no network answers."""
    known = next((truth(answer, gallery) for answer in answers.values()), "")
    said = f"{_conclude(answers['embedding'])}." if "embedding" in answers else ""
    return html.say(said or known, known if said else "") if answers else ""


def _conclude(answer: Answer) -> str:
    if answer.is_unlike_all:
        return UNLIKE
    return f"The same vehicle is {(THERE if answer.is_match else ABSENT).lower()}"


def judge(answers: dict[str, Answer]) -> str:
    """ "Was it right?" of whether the vehicle is in the gallery; "" while not both networks answer."""
    said = {True: "in the gallery", False: "not in the gallery"}
    return _judge({name: said[one.is_match and not one.is_unlike_all] for name, one in answers.items()})


def judge_comparison(answers: dict[str, Comparison]) -> str:
    """ "Was it right?" of two pictures."""
    said = {True: f"the {SAME}", False: OTHER}
    return _judge({name: said[one.is_same] for name, one in answers.items()})


def _judge(said: dict[str, str]) -> str:
    return (
        html.judge({JUDGED[name]: said[name] for name in JUDGED}, is_either=True)
        if said.keys() == JUDGED.keys()
        else ""
    )


def truth(answer: Answer, gallery: Gallery) -> str:
    """One sentence about a query whose vehicle is known, "" for any other."""
    if answer.known is None:
        return ""
    both = zip(gallery.labels, gallery.cameras, strict=True)
    cameras = {camera for vehicle, camera in both if vehicle == answer.known.vehicle} - {answer.known.camera}
    where = f"Camera {answer.known.camera} took this picture."
    if not cameras:
        return f"{where} Its vehicle is not in the gallery: all frames are red."
    return f"{where} Its vehicle is in the gallery, from {count(len(cameras), 'other camera')}: their frames are green."


def parts(inputs: tuple[np.ndarray, np.ndarray], evidence: np.ndarray, captions: tuple[str, str]) -> list[str]:
    """Two pictures as a network got them; bright are the places that make them similar, where it tells them."""
    maps = evidence if evidence.size else (None, None)
    return [html.figure(*one) for one in zip(inputs, captions, maps, strict=True)]


def comparison(encoder: Encoder, answer: Comparison) -> str:
    """One network's card on two pictures."""
    both = {SAME: answer.probability, OTHER: 1 - answer.probability}
    confidences = dict(sorted(both.items(), key=lambda one: -one[1]))
    label = next(iter(confidences)).capitalize()
    return html.card(encoder.title, "", label, confidences, True, html.milliseconds(answer.milliseconds))
