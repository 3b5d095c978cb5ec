"""How the networks are made: `python -m demos.vehicles.training NETWORK`."""
