"""What the page says of an answer, and the files that it hands out."""

import numpy as np
import pytest

from demos import images, metrics
from demos.denoiser import noise, predict, tab
from demos.denoiser.predict import light


def asked(picture, way=tab.ADD, kind="Gaussian", level=25, strength=1.0):
    return picture, way, kind, level, strength


def test_added_noise_is_scored_against_the_photograph(photograph):
    answer, (before, after), save, seen, kept = tab.draw(*asked(str(photograph)))
    original = light(images.open(photograph).pixels)
    scores = [metrics.psnr(light(images.open(file).pixels), original) for file in (after, before)]
    assert f"{scores[0]:.1f} dB, from {scores[1]:.1f}" in answer and "SSIM" in answer
    assert images.open(save).pixels.shape == original.shape and "parameters" in answer
    assert seen.count("<figure") == 5
    assert np.array_equal(kept.clean.pixels, images.open(photograph).pixels)


def test_a_noisy_photograph_is_told_its_noise(photograph, tmp_path):
    clean = light(images.open(photograph).pixels)[:128, :128]
    noisy = noise.eight_bit(noise.gaussian(clean, 20, np.random.default_rng(0)))
    (tmp_path / "noisy.png").write_bytes(images.png(noisy))
    answer, *_, kept = tab.draw(*asked(str(tmp_path / "noisy.png"), tab.KEEP))
    assert f"sigma {kept.answer.noise_sigma:.1f}" in answer and "dB," not in answer
    assert kept.clean is None and np.array_equal(kept.noisy.pixels, noisy)


def test_another_strength_is_blended_from_what_is_kept(photograph, monkeypatch):
    *_, kept = tab.draw(*asked(str(photograph)))
    monkeypatch.setattr(tab, "steps", None)
    for strength in (0, 0.5):
        ((_, _, save, _, still, _),) = tab.blend(kept, *asked(str(photograph), strength=strength), tab.Turn())
        expected = predict.blended(kept.noisy, kept.answer, strength)
        assert still is kept and np.array_equal(images.open(save).pixels, expected.pixels)


def test_what_is_not_kept_is_computed_again(photograph):
    ((answer, *_, kept, _),) = tab.blend(None, *asked(str(photograph), strength=0.5), tab.Turn())
    assert "dB" in answer and kept.answer.width == 451
    ((answer, *_, other, _),) = tab.blend(kept, *asked(str(photograph), tab.KEEP), tab.Turn())
    assert "dB," not in answer and other is not kept


def test_a_large_picture_says_how_far_it_is(photograph, monkeypatch):
    monkeypatch.setattr(predict, "CORE", 128)
    *said, last = tab.work(*asked(str(photograph)))
    assert len(said) == 12 and "Tile 3 of 12" in said[2][0]
    assert all(step[-1]["interactive"] for step in said) and not last[-1]["interactive"]


def test_a_large_picture_is_stopped_or_gives_way_to_a_later_request(photograph, monkeypatch):
    monkeypatch.setattr(predict, "CORE", 128)
    turn = tab.Turn()
    run = tab.work(*asked(str(photograph)), turn)
    next(run)
    turn.stop()
    (last,) = run
    assert tab.STOPPED in last[0] and not last[-1]["interactive"]
    again = tab.work(*asked(str(photograph)), turn)
    assert "Tile 1 of 12" in next(again)[0]
    turn.begin()
    assert not list(again)


def test_a_large_picture_goes_to_the_browser_as_jpeg_and_is_saved_as_png(photograph, monkeypatch):
    monkeypatch.setattr(tab, "SHOWN_AS_PNG", 1000)
    _, pictures, save, *_ = tab.draw(*asked(str(photograph)))
    assert [file.rpartition(".")[2] for file in (*pictures, save)] == ["jpg", "jpg", "png"]


def test_an_answer_that_is_worse_says_so(photograph):
    *_, kept = tab.draw(*asked(str(photograph)))
    spoiled = predict.Answer(**{**vars(kept.answer), "pixels": 255 - kept.answer.pixels})
    answer, *_ = tab.show(tab.Kept(kept.asked, kept.noisy, kept.clean, spoiled), 1)
    assert "worse" in answer and "unsure" in answer


@pytest.mark.parametrize("way", [tab.ADD, tab.KEEP])
def test_what_is_wrong_is_a_sentence(way):
    answer, *nothing = tab.draw(*asked(b"no picture", way))
    assert "alert" in answer and nothing == [None] * 4
    answer, *_ = tab.draw(*asked(None, way))
    assert images.NOTHING in answer and "alert" not in answer


def test_the_examples_are_there_and_open():
    assert all(images.open(file).pixels.size for file in tab.examples.files().values())
