"""Answers as HTML, and the files that the page hands out."""

import dataclasses

import gradio as gr
import numpy as np
import pytest

from demos.denoiser import demo, noise, predict, tab
from demos.denoiser.pixels import to_float
from demos.shared import images, metrics
from demos.shared.ui import events, inputs


def values(picture, way=tab.ADD, kind="Gaussian", level=25, strength=1.0):
    return picture, way, kind, level, strength


@pytest.fixture(scope="module")
def drawn(photograph) -> tuple:
    """The whole answer to a photograph to which noise was added."""
    return tab.draw(*values(str(photograph)))


def test_added_noise_is_scored_against_the_photograph(photograph, drawn):
    answer, (before, after), save, figures, result = drawn
    original = to_float(images.open(photograph).pixels)
    scores = [metrics.psnr(to_float(images.open(file).pixels), original) for file in (after, before)]
    assert f"{scores[0]:.1f} dB, from {scores[1]:.1f}" in answer and "SSIM" in answer
    assert images.open(save).pixels.shape == original.shape and "parameters" in answer
    assert figures.count("<figure") == 5
    assert np.array_equal(result.value.clean.pixels, images.open(photograph).pixels)


def test_noisy_photograph_shows_its_sigma(photograph, tmp_path):
    clean = to_float(images.open(photograph).pixels)[:128, :128]
    noisy = noise.to_uint8(noise.gaussian(clean, 20, np.random.default_rng(0)))
    (tmp_path / "noisy.png").write_bytes(images.png(noisy))
    answer, *_, result = tab.draw(*values(str(tmp_path / "noisy.png"), tab.KEEP))
    assert f"sigma {result.value.answer.noise_sigma:.1f}" in answer and "dB," not in answer
    assert result.value.clean is None and np.array_equal(result.value.noisy.pixels, noisy)


def test_specks_that_remain_are_said(photograph, rng):
    pixels = images.open(photograph).pixels[:128, :128].copy()
    for level in (0, 255):
        pixels[rng.random((128, 128)) < 0.06] = level
    answer, *_ = tab.draw(*values(pixels, tab.KEEP))
    assert "Specks of black and white remain" in answer and "is gone" not in answer


@pytest.mark.parametrize("strength", [0, 0.5, 1])
def test_noise_that_is_left_in_is_no_speck(photograph, rng, strength):
    dark = images.open(photograph).pixels[:128, :128] // 4
    noisy = np.clip(dark + rng.normal(0, 60, dark.shape), 0, 255).astype(np.uint8)
    answer, *_ = tab.draw(*values(noisy, tab.KEEP, strength=strength))
    assert "Specks" not in answer and "gone" in answer


def test_another_strength_is_blended_from_the_last_result(photograph, drawn, monkeypatch):
    result = drawn[-1]
    monkeypatch.setattr(tab, "denoise_steps", None)
    for strength in (0, 0.5):
        _, _, save, _, is_stale = tab.change_strength(result, 0, *values(str(photograph), strength=strength))
        expected = predict.blend(result.value.noisy, result.value.answer, strength)
        assert not isinstance(is_stale, int) and np.array_equal(images.open(save).pixels, expected.pixels)


def test_another_strength_of_other_values_runs_the_network(photograph, drawn):
    result = drawn[-1]
    assert tab.change_strength(None, 4, *values(str(photograph), strength=0.5))[-1] == 5
    *outputs, is_stale = tab.change_strength(result, 5, *values(str(photograph), tab.KEEP))
    assert is_stale == 6 and not any(isinstance(output, str) for output in outputs)


def test_large_picture_shows_progress(photograph, monkeypatch):
    monkeypatch.setattr(predict, "CORE", 128)
    *steps, last = tab.denoise(*values(str(photograph)), events.Cancellation())
    assert len(steps) == 12 and "Tile 3 of 12" in steps[2][0] and 'value="3" max="12"' in steps[2][0]
    assert all(step[-1]["interactive"] for step in steps) and not last[-1]["interactive"]
    assert not any(step[2]["interactive"] for step in steps)  # of what is not restored yet there is nothing to save


def test_large_picture_ends_when_stopped_or_superseded(photograph, monkeypatch):
    monkeypatch.setattr(predict, "CORE", 128)
    cancellation = events.Cancellation()
    run = tab.denoise(*values(str(photograph)), cancellation)
    next(run)
    cancellation.stop()
    (last,) = run
    assert events.STOPPED in last[0] and not last[-1]["interactive"]
    again = tab.denoise(*values(str(photograph)), cancellation)
    assert "Tile 1 of 12" in next(again)[0]
    cancellation.begin()
    (nothing,) = again
    assert all(output == gr.skip() for output in nothing)


def test_large_picture_is_shown_as_jpeg_and_saved_as_png(photograph, monkeypatch):
    monkeypatch.setattr(tab, "SHOWN_AS_PNG", 1000)
    _, pictures, save, *_ = tab.draw(*values(str(photograph)))
    assert [file.rpartition(".")[2] for file in (*pictures, save)] == ["jpg", "jpg", "png"]


def test_what_was_won_is_said_in_words(drawn):
    result = drawn[-1]
    assert "times closer to your photo" in tab.show(result.value, 1)[0]
    assert "hardly closer" in tab.show(result.value, 0)[0]
    alone = dataclasses.replace(result.value, clean=None)
    assert "Strong noise, sigma 2" in tab.show(alone, 1)[0] and "is gone" in tab.show(alone, 1)[0]
    assert "is 40 % gone" in tab.show(alone, 0.4)[0]
    still = dataclasses.replace(alone, answer=dataclasses.replace(alone.answer, noise_sigma=0.3))
    assert "hardly any noise" in tab.show(still, 1)[0]


def test_answer_worse_than_the_input_shows_it(drawn):
    result = drawn[-1]
    answer = result.value.answer
    spoiled = dataclasses.replace(answer, pixels=255 - answer.pixels)
    answer, *_ = tab.show(dataclasses.replace(result.value, answer=spoiled), 1)
    assert "worse" in answer and "unsure" in answer


@pytest.mark.parametrize("way", [tab.ADD, tab.KEEP])
def test_wrong_picture_shows_message(way):
    answer, *nothing = tab.draw(*values(b"no picture", way))
    assert "alert" in answer and nothing == [None] * 4
    answer, *_ = tab.draw(*values(None, way))
    assert images.NOTHING in answer and "alert" not in answer


def test_examples_open():
    assert all(images.open(file).pixels.size for file in inputs.example_paths("denoiser", demo.examples).values())
