"""CIFAR-10: the student project's network beside one that uses the same two cores better."""

from demos import Demo

demo = Demo(
    title="Ten things",
    question="Which of ten things is in this picture?",
    networks=("cifar10/airbench", "cifar10/baseline", "cifar10/gate"),
    # Two are drawn by the project; the last is a photograph of none of the ten.
    examples={
        "A cat": ("skimage", "data/chelsea.png"),
        "A car": "examples/car.webp",
        "A ship": "examples/ship.webp",
        "None of them": ("skimage", "data/coffee.png"),
    },
    order=10,
)
