"""The recipes: `python -m demos.retrieval.training NETWORK` trains and exports weights/retrieval/NETWORK.

`vae` exports the decoder as well. Pictures come from $LOUPE_DATA, ImageNet's weights from $LOUPE_PRETRAINED, else from
Keras. Fastest with KERAS_BACKEND=torch for the autoencoders, with TensorFlow for the others. A run that was broken off
goes on after its last whole epoch. What is chosen is chosen on categories that are held out; those of the figures are
never read.
"""

from demos.shared.training import command

if __name__ == "__main__":
    command.main(__package__, ("efficientnet", "mobilenet", "inception", "vae", "autoencoder"), __doc__)
