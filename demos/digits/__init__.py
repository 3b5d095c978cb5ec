"""Digits: LeNet beside a MobileNetV2 that had seen photographs before, on what a visitor writes."""

from demos import Demo

demo = Demo(
    title="Digits",
    question="Is this a 0, a 1 or a 2?",
    networks=("digits/lenet", "digits/mobilenetv2"),
)
