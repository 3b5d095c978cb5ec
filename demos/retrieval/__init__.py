"""Retrieval: five encoders look for the pictures of a database that are most like yours."""

from demos import Demo

demo = Demo(
    title="Look-alikes",
    question="Which pictures are most like yours?",
    networks=(
        "retrieval/efficientnet",
        "retrieval/mobilenet",
        "retrieval/inception",
        "retrieval/vae",
        "retrieval/autoencoder",
        "retrieval/decoder",
    ),
    # None of them is in the bundled database.
    examples={
        "A bus": ("gradio", "media_assets/images/bus.png"),
        "A lion": ("gradio", "media_assets/images/lion.jpg"),
        "A cup": ("skimage", "data/coffee.png"),
        "A temple": ("sklearn", "datasets/images/china.jpg"),
    },
    order=40,
)
