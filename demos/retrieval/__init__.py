"""Retrieval: four kinds of eyes look for the pictures of a database that are most like yours."""

from demos import Demo

demo = Demo(
    title="Retrieval",
    question="Which pictures are most like yours?",
    networks=(
        "retrieval/mobilenet",
        "retrieval/inception",
        "retrieval/vae",
        "retrieval/autoencoder",
        "retrieval/decoder",
    ),
)
