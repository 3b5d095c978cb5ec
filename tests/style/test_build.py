"""The bundled gallery of styles is made again: what is painted in which style, and what is stored."""

from collections import Counter

import numpy as np

from demos.shared.gallery import files
from demos.shared.gallery.gallery import Gallery
from demos.style import build
from demos.style.looks import STYLES


def test_every_style_has_other_contents_and_every_content_many_styles():
    contents = [*build.PHOTOGRAPHS, *build.DRAWN]
    pairs = build.choose(list(STYLES), contents)
    assert len(pairs) == len(set(pairs)) == build.EACH * len(STYLES) >= 312
    styles = Counter(title for _, title in pairs)
    assert set(styles) == set(contents) and max(styles.values()) - min(styles.values()) <= 1
    for style in STYLES:
        painted = {title for name, title in pairs if name == style}
        assert painted & build.PHOTOGRAPHS.keys() and painted & build.DRAWN.keys()


def test_contents_are_squares_with_a_credit():
    for pixels, credit in build.read_contents().values():
        assert pixels.shape == (build.SIDE, build.SIDE, 3) and pixels.dtype == np.uint8 and credit


def test_picture_is_painted_the_same_again():
    job = "woodcut", "Grey", np.full((64, 64, 3), 128, np.uint8)
    assert build.paint(job) == build.paint(job)


def test_labels_of_a_gallery_are_read_again(tmp_path):
    picture = files.thumbnail(np.zeros((8, 8, 3), np.uint8))
    gallery = Gallery({}, [picture] * 2, ["a", "b"], ["", ""], labels=["woodcut", "mosaic"])
    files.write(gallery, tmp_path / "gallery.npz")
    assert files.read(tmp_path / "gallery.npz", {}).labels == ["woodcut", "mosaic"]
    assert files.read_folder(tmp_path, {}).labels == ["woodcut", "mosaic"]
