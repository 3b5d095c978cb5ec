"""Clothing: which of ten garments is in a picture, by an EfficientNet."""

from demos import Demo

demo = Demo(
    title="Clothes",
    question="Which garment is in this picture?",
    networks=("clothing/efficientnet", "clothing/baseline"),
    # Drawn by the project, and not in the bundled gallery; the last is a photograph of none of the ten.
    examples={
        "A dress": "examples/dress.webp",
        "A T-shirt": "examples/t-shirt.webp",
        "A skirt": "examples/skirt.webp",
        "No garment": ("skimage", "data/coffee.png"),
    },
    order=70,
)
