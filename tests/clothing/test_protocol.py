"""How networks that know different classes are compared."""

import numpy as np
import pytest

from demos.clothing.predict import CLASSES, LABELS
from demos.clothing.protocol import measure_shared


@pytest.mark.parametrize("network", LABELS)
def test_only_classes_that_all_networks_know_count(network):
    labels = LABELS[network]
    numbers = np.array([labels.index("hat"), labels.index("dress")])
    probabilities = np.zeros((2, len(labels)))
    probabilities[0, labels.index("hat")], probabilities[0, labels.index("dress")] = 0.3, 0.2
    probabilities[1, labels.index("shoes")], probabilities[1, labels.index("dress")] = 0.4, 0.1
    if "skirt" in labels:  # which is the likeliest, but the other network could not say it
        probabilities[0, labels.index("skirt")] = 0.5
    assert measure_shared(labels, probabilities, numbers) == {"accuracy_shared": 0.5}


def test_pictures_of_other_classes_alone_have_no_figure():
    assert measure_shared(CLASSES, np.ones((1, 10)), np.array([CLASSES.index("skirt")])) == {}
