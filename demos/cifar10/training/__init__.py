"""How the networks are made: `python -m demos.cifar10.training NETWORK`."""
