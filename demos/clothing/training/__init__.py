"""How the networks are made: `python -m demos.clothing.training NETWORK`."""
