"""CIFAR-10: the student project's network beside one that uses the same two cores better."""

from demos import Demo

demo = Demo(
    title="CIFAR-10",
    question="Which of ten things is in this picture?",
    networks=("cifar10/airbench", "cifar10/baseline", "cifar10/gate"),
    examples={
        "A cat": ("skimage", "data/chelsea.png"),
        "A cheetah": ("gradio", "media_assets/images/cheetah.jpg"),
        "A cup": ("skimage", "data/coffee.png"),
        "A flower": ("sklearn", "datasets/images/flower.jpg"),
    },
    order=10,
)
