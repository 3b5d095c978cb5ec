"""Both encoders, by the names of their networks."""

from demos.shared.gallery.encoder import Encoder

ENCODERS = {
    "encoder": Encoder("style/encoder", "Ours", 192),
    "gram": Encoder("style/gram", "Gram matrices of VGG19, by a student", 192),
}
