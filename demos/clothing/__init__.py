"""Clothing: which of ten garments is in a picture, by an EfficientNet."""

from demos import Demo

demo = Demo(
    title="Clothing",
    question="Which garment is in this picture?",
    networks=("clothing/efficientnet", "clothing/baseline"),
    order=70,
)
