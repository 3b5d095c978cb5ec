"""A photograph in front of the camera is shown as it is, and answered like the same photograph in a file."""

import numpy as np
from PIL import Image

from demos.cifar10.predict import predict
from tests.browser.conftest import answer, inputs, is_the_right_way_round, take_photograph


def test_the_camera_s_picture_is_answered_and_not_mirrored(visit, scene):
    page = visit()
    sent = take_photograph(page)
    assert predict(scene).label in answer(page)
    assert is_the_right_way_round(sent, np.asarray(Image.open(scene)))
    assert is_the_right_way_round(inputs(page), predict(scene).inputs)
