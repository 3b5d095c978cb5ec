"""How the networks are made: `python -m demos.digits.training NETWORK`."""
