"""The denoiser: a noisy photograph comes back clean, or a clean one shows what can be won back."""

from demos import Demo

demo = Demo(
    title="Denoiser",
    question="What is under the noise?",
    networks=("denoiser/blind", "denoiser/autoencoder"),
    examples={
        "A cat": ("skimage", "data/chelsea.png"),
        "A cup": ("skimage", "data/coffee.png"),
        "A flower": ("sklearn", "datasets/images/flower.jpg"),
        "An astronaut": ("skimage", "data/astronaut.png"),
    },
    order=30,
    lane="long",
)
