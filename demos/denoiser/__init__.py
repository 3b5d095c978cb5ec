"""The denoiser: a noisy photograph comes back clean, or a clean one shows what can be won back."""

from demos import Demo

demo = Demo(
    title="Noise",
    question="What is under the noise?",
    networks=("denoiser/blind", "denoiser/autoencoder"),
    examples={
        "A flower": ("sklearn", "datasets/images/flower.jpg"),
        "A cup": ("skimage", "data/coffee.png"),
        "A cat": ("skimage", "data/chelsea.png"),
        "An astronaut": ("skimage", "data/astronaut.png"),
    },
    order=30,
    lane="long",
)
