"""Digits: LeNet beside a MobileNetV2 that was trained on photographs first, on what a visitor writes."""

from demos import Demo

demo = Demo(
    title="Digits",
    question="Is this a 0, a 1 or a 2?",
    networks=("digits/lenet", "digits/mobilenetv2"),
    examples={
        "A page": "examples/page.webp",
        "Chalk": "examples/board.webp",
        "In the shade": "examples/note.webp",
        "A seven": "examples/seven.webp",
    },
    order=20,
)
