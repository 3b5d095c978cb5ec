"""The denoiser: a noisy photograph comes back clean, or a clean one shows what can be won back."""

from demos import Demo

demo = Demo(
    title="Denoiser",
    question="What is under the noise?",
    networks=("denoiser/blind", "denoiser/autoencoder"),
)
