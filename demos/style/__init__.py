"""Style: which pictures of a gallery share the artistic style of yours, and a photograph painted in any style."""

from demos import Demo

demo = Demo(
    title="Style",
    question="Which pictures share this one's style?",
    networks=("style/encoder", "style/gram", "style/transfer", "style/transfer_code"),
    # Painted by the project, and not in the bundled gallery; the last is a photograph.
    examples={
        "Strokes": "examples/strokes.webp",
        "Woodcut": "examples/woodcut.webp",
        "Stained glass": "examples/glass.webp",
        "A photograph": ("gradio", "media_assets/images/lion.jpg"),
    },
    functions=("transfer",),
    long=("transfer",),
    order=50,
)
