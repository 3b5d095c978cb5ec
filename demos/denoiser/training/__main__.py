"""The recipes: `python -m demos.denoiser.training NETWORK` trains and exports weights/denoiser/NETWORK.

Fastest with KERAS_BACKEND=torch. Pictures come from $LOUPE_DATA. Time decides how long a network trains: a run that was
broken off goes on after its last whole epoch, and with more --minutes it goes on from where it ended. The last 20
photographs of `bsds/train` are held out: whatever is chosen is chosen on them. The standard test pictures are never
read.
"""

from demos.shared.training import command

if __name__ == "__main__":
    command.main(__package__, ("blind", "autoencoder"), __doc__)
