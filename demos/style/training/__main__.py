"""The recipes: `python -m demos.style.training NETWORK` trains and exports weights/style/NETWORK.

`transfer` exports `transfer_code` as well, which describes a picture's style to it. Fastest with KERAS_BACKEND=torch.
Pictures come from $LOUPE_DATA, VGG19's weights from $LOUPE_PRETRAINED, else from Keras. Time decides how long a network
trains: a run that was broken off goes on after its last whole epoch, and with more --minutes it goes on from where it
ended. What is chosen is chosen on held-out photographs and styles; those of the figures are never read.
"""

from demos.shared.training import command

if __name__ == "__main__":
    command.main(__package__, ("encoder", "gram", "transfer"), __doc__)
