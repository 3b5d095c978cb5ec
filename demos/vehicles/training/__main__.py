"""The recipes: `python -m demos.vehicles.training NETWORK` trains and exports weights/vehicles/NETWORK.

`without_rendering` trains as `embedding` does, without rendered vehicles, and exports nothing. Pictures come from
$LOUPE_DATA, ImageNet's weights from $LOUPE_PRETRAINED. A run that was broken off goes on after its last whole epoch.
What is chosen is chosen on vehicles that are held out; those of the figures are never read.
"""

from demos.shared.training import command

if __name__ == "__main__":
    command.main(__package__, ("embedding", "without_rendering", "baseline"), __doc__)
