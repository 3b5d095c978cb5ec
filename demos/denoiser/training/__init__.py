"""How the networks are made: `python -m demos.denoiser.training NETWORK`."""
