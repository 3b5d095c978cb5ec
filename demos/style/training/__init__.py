"""How the networks are made: `python -m demos.style.training NETWORK`."""
