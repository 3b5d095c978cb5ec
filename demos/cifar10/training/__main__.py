"""The recipes: `python -m demos.cifar10.training NETWORK` trains, calibrates and exports weights/cifar10/NETWORK.

Pictures come from $LOUPE_DATA, else from the Hub, ImageNet's weights from $LOUPE_PRETRAINED, else from Keras. A run
that was broken off goes on after its last whole epoch. The last 2,500 training pictures are held out: whatever is
chosen is chosen on them. `airbench` needs `teacher`, and trains it where that was not done. The teacher trains fastest
with KERAS_BACKEND=tensorflow, in half an hour, and `airbench` with KERAS_BACKEND=torch. `gate` learns from photographs
of the ten things and of others; most of its time goes into their features.
"""

from demos.shared.training import command

if __name__ == "__main__":
    command.main(__package__, ("baseline", "teacher", "airbench", "gate"), __doc__)
