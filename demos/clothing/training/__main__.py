"""The recipes: `python -m demos.clothing.training NETWORK` trains, calibrates and exports weights/clothing/NETWORK.

Pictures come from $LOUPE_DATA, ImageNet's weights from $LOUPE_PRETRAINED. A run that was broken off goes on after its
last whole epoch. TensorFlow trains fastest. What is chosen is chosen on pictures by senders of the validation part;
those of the test part are never read.
"""

from demos.shared.training import command

if __name__ == "__main__":
    command.main(__package__, ("efficientnet", "baseline"), __doc__)
