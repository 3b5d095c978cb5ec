"""CIFAR-10: the network of a tutorial beside one that uses the same two cores better."""

from demos import Demo

demo = Demo(
    title="CIFAR-10",
    question="Which of ten things is in this picture?",
    networks=("cifar10/tutorial", "cifar10/fast"),
)
