"""The picture before and after, drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import gradio as gr
import numpy as np

import weights
from demos import images, parts
from demos.denoiser import demo, examples, noise
from demos.denoiser.predict import (
    Answer,
    blended,
    closeup,
    deviation,
    opened,
    residual,
    scores,
    steps,
    with_noise,
)

ADD, KEEP = "Add noise to my photo", "My photo is noisy"
STOPPED = "Stopped. Change anything to start again."
CLEAN = 1.5  # what is taken out of a picture below this sigma is hardly noise
SHOWN_AS_PNG = 4_000_000  # pixels; larger pictures go to the browser as JPEG, and as PNG only to who saves them
PYTHON = """from gradio_client import Client, handle_file

client = Client("{url}")
file = client.predict(handle_file("noisy.jpg"), strength=1.0, api_name="/denoiser")
print(file)  # the picture without its noise, a PNG"""
HTTP = """# upload the picture, ask, read where the answer is, and fetch it
FILE=$(curl -s -F files=@noisy.jpg {url}/gradio_api/upload | cut -d'"' -f2)
ID=$(curl -s {url}/gradio_api/call/denoiser -H "Content-Type: application/json" \\
  -d '{"data": [{"path": "'$FILE'", "meta": {"_type": "gradio.FileData"}}, 1.0]}' | cut -d'"' -f4)
PNG=$(curl -sN {url}/gradio_api/call/denoiser/$ID | grep -o '"path": "[^"]*"' | cut -d'"' -f4)
curl -s {url}/gradio_api/file=$PNG -o clean.png"""


@dataclass(frozen=True, eq=False)
class Kept:
    """What the strength control needs to blend again; clean: where it is known.

    asked: picture, way, kind and level, to which `answer` belongs.
    """

    asked: tuple
    noisy: images.Picture
    clean: images.Picture | None
    answer: Answer


class Turn:
    """Which of a visitor's requests is the one to answer: the last, until they stop it."""

    def __init__(self):
        self.last, self.stopped = 0, False

    def begin(self) -> int:
        """A new request, which takes the place of the one before. Returns its number."""
        self.last, self.stopped = self.last + 1, False
        return self.last

    def stop(self) -> None:
        self.stopped = True


def build() -> None:
    """Draw the tab into the one that the page has opened."""
    shown = examples.files()
    with gr.Row(elem_classes="loupe"):
        with gr.Column(elem_classes="asks"):
            picture = parts.picture_input(next(iter(shown.values())), elem_id="denoiser-picture")
            chosen = parts.examples(shown, picture)
            with gr.Column(elem_classes="later"):
                way = gr.Radio([ADD, KEEP], value=ADD, label="What to do", container=False)
                kind = gr.Radio(list(noise.KINDS), value="Gaussian", label="Noise", elem_id="denoiser-kind")
                level = gr.Slider(1, 75, 25, step=1, label="How much", info="Of Gaussian noise, sigma in levels of 255")
        with gr.Column(elem_classes="answers"):
            slider = gr.ImageSlider(
                label="Before and after", interactive=False, height=340, max_height=340, format="png",
                buttons=["fullscreen"], elem_id="denoiser-slider", elem_classes="pair",
            )  # fmt: skip
            answer = parts.space(130, elem_id="denoiser-answer")
            strength = gr.Slider(0, 1, 1, step=0.05, label="Strength", info="How much of the noise to take out")
            with gr.Row():
                save = gr.DownloadButton("Save as PNG", variant="primary", size="sm", elem_id="denoiser-save")
                stop = gr.Button("Stop", size="sm", interactive=False, elem_id="denoiser-stop")
    with gr.Column(elem_classes="saw"):
        seen = parts.space(220, elem_id="denoiser-seen")
    parts.about("denoiser")
    parts.elsewhere("denoiser", PYTHON, HTTP)

    kept, turn = gr.State(time_to_live=600), gr.State(Turn())
    asked, outputs = [picture, way, kind, level, strength], [answer, slider, save, seen, kept]
    parts.answers_first(demo.networks, draw, asked, outputs)
    quiet = {"show_progress": "hidden", "api_visibility": "private"}
    busy = {**quiet, "concurrency_id": "answers"}
    # What a visitor brings is taken as it is; an example is clean. Either takes the place of what is in work.
    brought = picture.input(bring, picture, [picture, way], **quiet, queue=False)
    example = chosen.then(lambda: ADD, None, way, **quiet, queue=False)
    for new in (brought, example):
        new.then(work, [*asked, turn], [*outputs, stop], **busy, trigger_mode="multiple")
    busy["trigger_mode"] = "always_last"
    gr.on([way.input, kind.input, level.input, picture.clear], work, [*asked, turn], [*outputs, stop], **busy)
    strength.input(blend, [kept, *asked, turn], [*outputs, stop], **busy)
    stop.click(Turn.stop, turn, None, **quiet, queue=False)
    way.change(lambda way: [gr.update(visible=way == ADD)] * 2, way, [kind, level], **quiet, queue=False)


def bring(picture) -> tuple:
    """The visitor's picture in a form that browsers show, of its own size and depth, and what is to be done with it."""
    return parts.viewable(picture, exact=True), KEEP


def draw(*asked) -> tuple:
    """What `work` comes to, without the steps on the way and the button."""
    *_, last = work(*asked)
    return last[:-1]


def work(picture, way: str, kind: str, level: float, strength: float, turn: Turn | None = None) -> Iterator[tuple]:
    """The answer's HTML, the two pictures, the file, what was seen, what is kept, and the button, as tiles are done.

    It ends early if it is stopped, and without a word if a later request has taken its `turn`.
    """
    turn = turn or Turn()
    number = turn.begin()
    nothing, idle = (None, None, None, None), gr.update(interactive=False)
    try:
        noisy = given = opened(picture)
        if way == ADD:
            noisy = with_noise(given, kind, level, np.random.default_rng(0))
        for step in steps(noisy):
            if turn.last != number:
                return
            if turn.stopped:
                yield parts.sentence(STOPPED), *[gr.skip()] * 4, idle
                return
            if isinstance(step, tuple) and step[1] > 1:
                text = parts.sentence(f"Tile {step[0]} of {step[1]} is done.")
                yield text, *[gr.skip()] * 4, gr.update(interactive=True)
        kept = Kept((picture, way, kind, level), noisy, given if way == ADD else None, step)
        yield *show(kept, strength), kept, idle
    except images.PictureError as error:
        yield parts.sentence(str(error), "wait" if picture is None else "error"), *nothing, idle
    except weights.Unavailable as error:
        yield parts.sentence(str(error)), *nothing, idle


def blend(kept: Kept | None, *asked) -> Iterator[tuple]:
    """`work` at another strength; the picture is restored again only where its answer is not kept."""
    *what, strength, _ = asked
    if kept and kept.asked == tuple(what):
        yield *show(kept, strength), kept, gr.skip()
    else:
        yield from work(*asked)


def show(kept: Kept, strength: float) -> tuple:
    """The answer's HTML, the pictures before and after, the file to save, and what was taken out."""
    answer = blended(kept.noisy, kept.answer, strength)
    save = parts.file(answer.png(), "denoised.png")
    pictures = (_view(kept.noisy.pixels, kept.noisy.alpha), save)
    if answer.width * answer.height > SHOWN_AS_PNG:
        pictures = pictures[0], _view(answer.pixels, answer.alpha)
    return _card(kept, answer), pictures, save, parts.row(_seen(kept, answer))


def _view(pixels: np.ndarray, alpha: np.ndarray | None) -> str:
    """A file for the browser."""
    if pixels.shape[0] * pixels.shape[1] <= SHOWN_AS_PNG:
        return parts.file(images.png(pixels, alpha), "picture.png")
    return parts.file(images.jpeg(pixels), "picture.jpg")


def _card(kept: Kept, answer: Answer) -> str:
    noisy, restored = kept.noisy.pixels, answer.pixels
    entry = weights.load("denoiser/blind").entry
    small = f"{answer.width}x{answer.height} pixels in {_time(answer.milliseconds)}, {entry['parameters']:,} parameters"
    published = entry.get("metrics", {}).get("psnr_25")
    small += "" if published is None else f"; {published:.1f} dB on the standard pictures with sigma 25"
    if kept.clean is None:
        found = answer.noise_sigma
        large, aside = f"sigma {found:.1f}", "of 255 levels is the noise that was found in your photo"
        if found < CLEAN:
            large, aside = "hardly any noise", f"what was found has sigma {found:.1f} of 255 levels"
        return _article(large, aside, small)
    found = scores(kept.clean.pixels, noisy, restored)
    sigma = deviation(noisy, kept.clean.pixels)
    aside = f"PSNR against your photo, higher is closer; the noise has sigma {sigma:.1f} of 255 levels"
    if "ssim" in found:
        aside += f"; SSIM {found['ssim']:.3f}, from {found['ssim_input']:.3f}"
    if found["psnr"] < found["psnr_input"]:
        return _article(f"worse: {found['psnr']:.1f} dB, from {found['psnr_input']:.1f}", aside, small, "unsure")
    return _article(f"{found['psnr']:.1f} dB, from {found['psnr_input']:.1f}", aside, small)


def _article(large: str, aside: str, small: str, kind: str = "") -> str:
    return (
        f'<article class="card" role="status"><p class="answer {kind}">{large}</p><p class="aside">{aside}</p>'
        f'<p class="small">{small}</p></article>'
    )


def _time(milliseconds: float) -> str:
    return f"{milliseconds:.0f} ms" if milliseconds < 1000 else f"{milliseconds / 1000:.1f} s"


def _seen(kept: Kept, answer: Answer) -> list[str]:
    """What was taken out, and 64x64 pixels of the middle before, after the autoencoder and after ours."""
    noisy, restored = kept.noisy.pixels, answer.pixels
    close = closeup(noisy, restored, kept.clean and kept.clean.pixels)
    captions = {
        "noisy": "64x64 pixels of the middle, with noise",
        "autoencoder": "The student project's network, which sees no more than these",
        "blind": "Ours",
        "clean": "Your photo",
    }
    figures = [parts.figure(residual(noisy, restored), "What was taken out of the middle, twice as strong")]
    return figures + [parts.figure(pixels, captions[name]) for name, pixels in close.items()]
