"""The recipes: `python -m demos.digits.training NETWORK` trains, calibrates and exports weights/digits/NETWORK.

MNIST comes from $LOUPE_DATA, else from the Hub, ImageNet's weights from $LOUPE_PRETRAINED, else from Keras. A fifth of
the training digits is held out: whatever is chosen is chosen on it. Beside 0, 1 and 2 the networks see what is none of
them: other digits, letters, shapes, scribbles, parts of photographs. A run that was broken off goes on after its last
whole epoch.
"""

from demos.shared.training import command

if __name__ == "__main__":
    command.main(__package__, ("lenet", "mobilenetv2"), __doc__)
