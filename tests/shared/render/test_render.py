"""Rendered pictures are the same each time, show what they should, and differ from one number to the next."""

import re

import numpy as np
import pytest

from demos.shared import render
from demos.shared.render import look, march, shapes
from demos.shared.render.settings import choose_setting


@pytest.fixture
def small(monkeypatch):
    """Pictures of 32 pixels a side: what is in them does not depend on their size."""
    monkeypatch.setattr(march, "SIDE", 32)


def test_there_are_many_kinds_of_three_groups():
    assert len(render.OBJECTS) >= 46 and len(render.TEXTURES) >= 14 and len(render.SCENES) >= 12
    assert render.KINDS == render.OBJECTS + render.TEXTURES + render.SCENES
    assert len(set(render.KINDS)) == len(render.KINDS)


def test_a_picture_has_its_size_and_names_what_it_shows():
    made = render.render("mug", 3)
    assert made.pixels.shape == (render.SIDE, render.SIDE, 3) and made.pixels.dtype == np.uint8
    assert made.kind == "mug" and re.fullmatch(r"An? [a-z]+ mug", made.title)


@pytest.mark.parametrize("kind", render.KINDS)
def test_every_kind_shows_something_and_no_two_pictures_are_alike(small, kind):
    one, other = render.render(kind, 0), render.render(kind, 1)
    for made in (one, other):
        assert made.pixels.shape == (32, 32, 3) and made.pixels.dtype == np.uint8
        assert made.pixels.std() > 8
        assert re.fullmatch(r"(An? )?[a-zA-Z][a-z -]+", made.title) and made.title[0].isupper()
        assert kind in made.title.lower() and made.kind == kind
    assert np.abs(one.pixels.astype(int) - other.pixels).mean() > 4


@pytest.mark.parametrize("kind", ["teapot", render.TEXTURES[0], render.SCENES[0]])
def test_a_picture_is_the_same_each_time(small, kind):
    assert np.array_equal(render.render(kind, 5).pixels, render.render(kind, 5).pixels)


def test_a_scene_s_title_says_its_mood(small):
    titles = {render.render("beach", number).title for number in range(5)}
    assert titles == {f"A beach {mood}" for mood in ("by day", "at dusk", "at dawn", "under clouds")}


def test_colours_take_turns():
    names = []
    for number in range(len(look.BRIGHT)):
        one = look.Look("mug", number)
        one.paint(*look.BRIGHT)
        names.append(one.name)
    assert set(names) == set(look.BRIGHT)


@pytest.mark.parametrize(("kind", "number"), [("unicorn", 0), ("mug", -1)])
def test_what_is_not_there_is_refused(kind, number):
    with pytest.raises(ValueError, match="no picture"):
        render.render(kind, number)


POINTS = np.random.default_rng(0).uniform(-2, 2, (3, 4000)).astype(np.float32)


@pytest.mark.parametrize(
    "shape",
    [
        shapes.ball(1),
        shapes.box(1, 1.5, 0.5).turn(20, 30, 40),
        shapes.cylinder(0.7, 1).at(y=-0.5),
        shapes.rod((-1, 0, 0), (1, 0.5, 0), 0.3),
        shapes.ring(1, 0.3).twin(2),
        shapes.lathe((0, 0), (0.8, 0), (0.4, 1), (0, 1)),
        shapes.extrude(0.5, (-1, -1), (1, -1), (0, 1)).blend(shapes.ball(0.5)),
    ],
)
def test_no_distance_is_larger_than_the_way_to_the_surface(shape):
    assert shape(POINTS).dtype == np.float32
    ways = np.random.default_rng(1).uniform(-1, 1, POINTS.shape).astype(np.float32)
    change = np.abs(shape(POINTS + ways) - shape(POINTS))
    assert (change <= 1.02 * np.linalg.norm(ways, axis=0) + 0.02).all()


def test_near_an_outline_distances_are_those_of_the_shape_that_it_draws():
    angles = np.linspace(-np.pi / 2, np.pi / 2, 24)
    turned = shapes.lathe(*((float(np.cos(a)), float(np.sin(a))) for a in angles))
    slab = shapes.extrude(2, (-0.5, 0), (0.5, 0), (0.5, 1), (-0.5, 1))
    for drawn, exact in ((turned, shapes.ball(1)), (slab, shapes.box(1, 1, 2))):
        near = np.abs(exact(POINTS)) < 0.08
        assert near.sum() > 100 and np.abs(drawn(POINTS) - exact(POINTS))[near].max() < 0.03


def test_a_ball_is_lit_from_the_sun_s_side_and_throws_a_shadow_to_the_other(small):
    one = look.Look("ball", 0)
    parts = [march.Part(shapes.ball(1).at(y=1), "white", 0)]
    scene = march.Scene(parts, choose_setting("studio", one), np.array([[1.0], [0.8], [0.0]]))
    assert scene.centre.ravel() == pytest.approx([0, 1, 0], abs=0.1) and scene.radius == pytest.approx(1, abs=0.1)
    ground = np.array([[-1.4, 1.4], [0, 0], [0, 0]], np.float32)
    left, right = scene._sun_visibility(ground + np.array([[0], [0.01], [0]], np.float32))
    assert left < 0.2 and right > 0.9
    frame = shapes.rotation(-15, 0, 0)
    pixels = march.render_scene(scene, march.aim(scene, frame, 0.8), frame).astype(int)
    assert pixels[16, 21].sum() > pixels[16, 11].sum() + 60
