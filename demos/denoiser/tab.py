"""The picture before and after, drawn."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import gradio as gr
import numpy as np

import weights
from demos.denoiser import demo, noise
from demos.denoiser.pixels import rms_difference
from demos.denoiser.predict import (
    Answer,
    add_noise,
    blend,
    crop_closeups,
    denoise_steps,
    open_picture,
    residual,
    score,
)
from demos.denoiser.specks import has_specks
from demos.shared import images
from demos.shared.ui import events, files, html, inputs, sections
from demos.shared.ui.compare import Compare
from demos.shared.ui.kept import Kept

ADD, KEEP = "Add noise to my photo", "My photo is noisy"
CLEAN = 1.5  # what is taken out of a picture below this sigma is hardly noise
LITTLE = 1.05  # times that a picture is closer to the photo, below which nobody sees it
NOISES = ((40, "Very strong noise"), (20, "Strong noise"), (8, "Clear noise"), (0, "Faint noise"))  # from which sigma
SPECKS = "Our network did not learn to take out salt and pepper: a median filter does that better"
MEGAPIXELS = 0.481 * 0.321  # of the pictures that the manifest's seconds are of
ONLY_WITH_RESULT = '(token) => ({ __type__: "update", interactive: Boolean(token) })'
SHOWN_AS_PNG = 4_000_000  # pixels; larger pictures go to the browser as JPEG, and as PNG only to who saves them


@dataclass(frozen=True, eq=False)
class Result:
    """A restored picture and what was restored.

    clean: where it is known. is_specked: whether specks remain at full strength. strength: in [0, 1], of what is shown.
    """

    noisy: images.Picture
    clean: images.Picture | None
    answer: Answer
    is_specked: bool
    strength: float = 1


def build() -> None:
    """Draw the tab into the one that the page has opened."""
    with gr.Row(elem_classes="loupe"):
        with gr.Column(elem_classes="asks"):
            picture, example = inputs.picture_and_examples("denoiser", demo.examples, seconds=_seconds())
            with gr.Column(elem_classes="later"):
                way = gr.Radio([ADD, KEEP], value=ADD, label="What to do", container=False)
                kind = gr.Radio(list(noise.KINDS), value="Gaussian", label="Noise", elem_id="denoiser-kind")
        with gr.Column(elem_classes="answers"):
            answer = html.html_area(141, elem_id="denoiser-answer")
            stop = gr.Button("Stop", size="sm", interactive=False, elem_classes="stop", elem_id="denoiser-stop")
            slider = Compare(label="Before and after", elem_id="denoiser-slider")
            with gr.Row(elem_classes="levels"):
                level = gr.Slider(1, 75, 25, step=1, label="How much", info="Of Gaussian noise, sigma in levels of 255")
                strength = gr.Slider(0, 1, 1, step=0.05, label="Strength", info="How much of the noise to take out")
            save = gr.DownloadButton("Save as PNG", variant="primary", size="sm", elem_id="denoiser-save")
    with gr.Column(elem_classes="saw"):
        figures = html.html_area(220, elem_id="denoiser-inputs")
    sections.about("denoiser")
    sections.elsewhere(
        "denoiser", read="print(file)  # the picture without its noise, a PNG", file="noisy.jpg", strength=1.0
    )

    last, runs, is_stale = Kept(), gr.State(events.Cancellation()), gr.State(0)
    values, outputs = [picture, way, kind, level, strength], [answer, slider, save, figures, last]
    events.answer_first(demo.networks, draw, values, outputs, of=half_noisy())
    # A photo that a visitor brings is restored as it is; an example is clean.
    brought = picture.input(None, None, way, js=f"() => {json.dumps(KEEP)}", **events.INSTANT)
    chosen = example.then(None, None, way, js=f"() => {json.dumps(ADD)}", **events.INSTANT)
    triggers = [brought.then, chosen.then, way.input, kind.input, level.input, picture.clear, is_stale.change]
    events.run_on(triggers, denoise, [*values, runs], [*outputs, stop], runs, stop=stop)
    strength.input(
        change_strength, [last, is_stale, *values], [*outputs[:-1], is_stale], **events.SHORT,
        trigger_mode="always_last",
    )  # fmt: skip
    stop.click(events.Cancellation.stop, runs, None, **events.INSTANT)
    last.change(None, last, save, js=ONLY_WITH_RESULT, **events.INSTANT)
    way.change(lambda way: [gr.update(visible=way == ADD)] * 2, way, [kind, level], **events.INSTANT)
    inputs.viewable(picture)


def half_noisy() -> np.ndarray | None:
    """The first example, its left half as noisy as the tab opens with, uint8 (H, W, 3); None where there is none."""
    file = inputs.first_example("denoiser", demo.examples)
    if file is None:
        return None
    picture = images.open(file)
    pixels, half = picture.pixels.copy(), picture.pixels.shape[1] // 2
    pixels[:, :half] = add_noise(picture, "Gaussian", 50, np.random.default_rng(0)).pixels[:, :half]
    return pixels


def _seconds() -> float:
    """That a megapixel takes on two cores; 0 where nobody has measured it."""
    entry = weights.manifest().networks.get(demo.networks[0])
    return entry.timings.get("seconds_25", 0) / MEGAPIXELS if entry else 0


@events.messages(4)
def draw(*values) -> tuple:
    """The outputs of `denoise` at its end, without the button."""
    *_, (*outputs, _) = denoise(*values, events.Cancellation())
    return tuple(outputs)


@events.messages(4, gr.update(interactive=False))
def denoise(picture, way: str, kind: str, level: float, strength: float, runs: events.Cancellation) -> Iterator[tuple]:
    """The answer's HTML, the two pictures, the file, the figures, the last result, and the button, as tiles are done.

    It ends early where it is stopped, or where a later run has begun.
    """
    source = noisy = open_picture(picture)
    if way == ADD:
        noisy = add_noise(source, kind, level, np.random.default_rng(0))
    began = time.monotonic()
    for step in runs.follow(denoise_steps(noisy)):
        if isinstance(step, tuple) and step[1] > 1:
            left = (time.monotonic() - began) * (step[1] - step[0]) / step[0]
            text = f"Tile {step[0]} of {step[1]} is done, about {max(1, round(left))} s left."
            left_over = gr.skip(), gr.update(interactive=False), gr.skip(), gr.skip()  # there is no new file to save
            yield html.message(text) + html.progress(*step), *left_over, gr.update(interactive=True)
    is_specked = way == KEEP and has_specks(noisy.pixels, step.pixels)
    result = Result(noisy, source if way == ADD else None, step, is_specked)
    yield *show(result, strength), events.LastResult((picture, way, kind, level), result), gr.update(interactive=False)


def change_strength(last: events.LastResult | None, is_stale: int, *values) -> tuple:
    """The last result at another strength, and whether it is of other values, which are then restored anew."""
    *key, strength = values
    if last and last.belongs_to(*key):
        return *show(last.value, strength), gr.skip()
    return *[gr.skip()] * 4, is_stale + 1


def show(result: Result, strength: float) -> tuple:
    """The answer's HTML, the pictures before and after, the file to save, and the figures."""
    answer = blend(result.noisy, result.answer, strength)
    save = files.serve_file(answer.png(), "denoised.png")
    pictures = (_view(result.noisy.pixels, result.noisy.alpha), save)
    if answer.width * answer.height > SHOWN_AS_PNG:
        pictures = pictures[0], _view(answer.pixels, answer.alpha)
    return _card(replace(result, strength=strength), answer), pictures, save, html.row(_figures(result, answer))


def _view(pixels: np.ndarray, alpha: np.ndarray | None) -> str:
    """A file for the browser."""
    if pixels.shape[0] * pixels.shape[1] <= SHOWN_AS_PNG:
        return files.serve_file(images.png(pixels, alpha), "picture.png")
    return files.serve_file(images.jpeg(pixels), "picture.jpg")


def _card(result: Result, answer: Answer) -> str:
    """What was won, in words; the figures of it beneath."""
    small = _small(answer)
    if result.clean is None:
        sigma = answer.noise_sigma
        if sigma < CLEAN:
            aside = f"What was found has sigma {sigma:.1f} of 255 levels"
            return _article("There is hardly any noise in your photo", aside, small)
        if result.is_specked:
            return _article("Specks of black and white remain", SPECKS, small, "unsure")
        removed = "gone" if result.strength == 1 else f"{100 * result.strength:.0f} % gone"
        aside = "Sigma is the standard deviation of the noise that was found, in levels of 255"
        return _article(f"{_name_noise(sigma)}, sigma {sigma:.1f}, is {removed}", aside, small)
    noisy, clean = result.noisy.pixels, result.clean.pixels
    scores, sigma = score(clean, noisy, answer.pixels), rms_difference(noisy, clean)
    aside = f"{scores['psnr']:.1f} dB, from {scores['psnr_input']:.1f}"
    if "ssim" in scores:
        aside += f"; SSIM {scores['ssim']:.3f}, from {scores['ssim_input']:.3f}"
    small = f"The noise has sigma {sigma:.1f} of 255 levels. {small}"
    nearer = 10 ** ((scores["psnr"] - scores["psnr_input"]) / 20)
    if nearer < 1:
        return _article("This is worse: further from your photo than with its noise", aside, small, "unsure")
    if nearer < LITTLE:
        return _article("This is hardly closer to your photo", aside, small)
    return _article(f"{nearer:.1f} times closer to your photo", aside, small)


def _small(answer: Answer) -> str:
    """Size, time, parameters, and how good such an answer is."""
    text = f"{answer.width}x{answer.height} pixels in {html.small_print(answer.entry, answer.milliseconds)}"
    psnr = answer.entry.metrics.get("psnr_25")
    return text if psnr is None else f"{text}; {psnr:.1f} dB on the standard pictures with sigma 25"


def _article(large: str, aside: str, small: str, kind: str = "") -> str:
    return (
        f'<div class="card" role="status"><p class="answer {kind}">{large}</p><p class="aside">{aside}</p>'
        f'<p class="small">{small}</p></div>'
    )


def _name_noise(sigma: float) -> str:
    """Noise in words; sigma in levels of 255."""
    return next(name for least, name in NOISES if sigma >= least)


def _figures(result: Result, answer: Answer) -> list[str]:
    """The noise that was removed, and 64x64 pixels of the middle before, after the autoencoder and after ours."""
    noisy, restored = result.noisy.pixels, answer.pixels
    closeups = crop_closeups(noisy, restored, result.clean and result.clean.pixels)
    captions = {
        "noisy": "64x64 pixels of the middle, with noise",
        "autoencoder": "The student project's network, which sees no more than these",
        "blind": "Ours",
        "clean": "Your photo",
    }
    removed = html.figure(residual(noisy, restored), "What was taken out of the middle, twice as strong")
    return [removed, *(html.figure(pixels, captions[name]) for name, pixels in closeups.items())]
