"""VGG19 as a loss on PyTorch: in bfloat16 where that is fast, and in few passes over the maps."""

from collections.abc import Callable, Collection

import keras
import torch
from torch.nn import functional

from demos.shared.training import backend
from demos.shared.training.imagenet import VGG19_MEANS

LEAST_VARIANCE = 1e-6


def run(network: keras.Model, names: Collection[str]) -> Callable:
    """The same function as `imagenet.vgg19(*names)`: RGB 0..255, float (N, H, W, 3) -> maps, float (N, h, w, C)."""
    layers = [layer for layer in network.layers[-1].layers if isinstance(layer, keras.layers.Conv2D)]
    dtype = getattr(torch, keras.dtype_policies.get(backend.fastest_policy()).compute_dtype)
    weights = [_convert(layer, dtype) for layer in layers]
    means = torch.tensor(VGG19_MEANS, device=weights[0][0].device)

    def features(pictures) -> list:
        x, block, maps = (pictures - means).to(dtype).permute(0, 3, 1, 2), "block1", []
        for layer, (kernel, bias) in zip(layers, weights, strict=True):
            if not layer.name.startswith(block):
                x, block = functional.max_pool2d(x, 2), layer.name.partition("_")[0]
            x = torch.relu_(functional.conv2d(x, kernel, bias, padding=1))
            if layer.name in names:
                maps.append(x.permute(0, 2, 3, 1))
        return maps

    return features


def _convert(layer: keras.layers.Conv2D, dtype: torch.dtype) -> tuple[torch.Tensor, torch.Tensor]:
    kernel, bias = (variable.value.detach().to(dtype) for variable in (layer.kernel, layer.bias))
    return kernel.permute(3, 2, 0, 1).contiguous(memory_format=torch.channels_last), bias


class Moments(torch.autograd.Function):
    """Map (N, H, W, C) -> its means and deviations over all places, float32 (N, C), in one pass each way."""

    @staticmethod
    def forward(ctx, x):
        rows = x.flatten(1, 2)
        mean = rows.mean(1, dtype=torch.float32)
        square = torch.linalg.vector_norm(rows, dim=1, dtype=torch.float32).square() / rows.shape[1]
        deviation = (square - mean.square()).clamp_min(0).add(LEAST_VARIANCE).sqrt()
        ctx.save_for_backward(x, mean, deviation)
        return mean, deviation

    @staticmethod
    def backward(ctx, mean_gradient, deviation_gradient):
        x, mean, deviation = ctx.saved_tensors
        count = x.shape[1] * x.shape[2]
        scale = deviation_gradient / (count * deviation)
        shift = mean_gradient / count - scale * mean
        scale, shift = (part[:, None, None].to(x.dtype) for part in (scale, shift))
        return torch.addcmul(shift, x, scale)
