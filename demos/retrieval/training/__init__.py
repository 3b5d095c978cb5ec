"""How the networks are made: `python -m demos.retrieval.training NETWORK`."""
