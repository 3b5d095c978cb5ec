"""The five encoders, by the names of their networks."""

from demos.shared.gallery.encoder import Encoder

ENCODERS = {
    "efficientnet": Encoder("retrieval/efficientnet", "EfficientNet-Lite2, trained to compare", 224),
    "mobilenet": Encoder("retrieval/mobilenet", "MobileNetV2, as in the student project", 192, "euclidean"),
    "inception": Encoder("retrieval/inception", "A student of InceptionV3", 160),
    "vae": Encoder(
        "retrieval/vae",
        "Variational autoencoder",
        64,
        note="It keeps rough forms and colours, since it was only ever trained to draw the picture again.",
    ),
    "autoencoder": Encoder(
        "retrieval/autoencoder",
        "Autoencoder",
        32,
        note="It keeps colours and their places at 32 pixels, not what a thing is.",
    ),
}
