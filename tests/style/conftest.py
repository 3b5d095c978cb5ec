"""What tests of VGG19 in its worker share."""

import pytest

from demos.shared.worker import Worker
from demos.style import original


@pytest.fixture
def fresh():
    """A worker without a process yet, with patience: on a busy machine TensorFlow takes minutes to be imported."""
    made = Worker(600, 600, 600, original.WORKER.memory_bytes, original.BROKEN)
    yield made
    made.stop()
