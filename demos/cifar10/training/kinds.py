"""ImageNet's classes by the ten things, as where a head that tells the ten from all else can start."""

import numpy as np

CLASSES = 1000


def _numbers(*parts: int | tuple[int, int]) -> np.ndarray:
    """Numbers, and ranges with both ends, as one array."""
    ranges = [range(part[0], part[1] + 1) if isinstance(part, tuple) else [part] for part in parts]
    return np.array([number for one in ranges for number in one])


# The numbers of ImageNet's 1,000 classes that show each of the ten things, in the order of the ten.
NUMBERS = {
    "airplane": _numbers(404, 895),  # airliner, warplane
    # ambulance, beach wagon, cab, convertible, jeep, limousine, minivan, Model T, police van, racer, sports car
    "automobile": _numbers(407, 436, 468, 511, 609, 627, 656, 661, 734, 751, 817),
    "bird": _numbers((7, 24), (80, 100), (127, 146)),
    "cat": _numbers((281, 293)),  # large ones as well
    "deer": _numbers((351, 353)),  # ImageNet has antelopes and no deer
    "dog": _numbers((151, 275)),  # wolves as well
    "frog": _numbers((30, 32)),
    "horse": _numbers(339),
    # aircraft carrier, catamaran, container ship, fireboat, lifeboat, liner, pirate ship, schooner, speedboat,
    # trimaran, yawl
    "ship": _numbers(403, 484, 510, 554, 625, 628, 724, 780, 814, 871, 914),
    # fire engine, garbage truck, moving van, pickup, tow truck, trailer truck
    "truck": _numbers(555, 569, 675, 717, 864, 867),
}
OTHERS = np.setdiff1d(np.arange(CLASSES), np.concatenate(list(NUMBERS.values())))
GROUPS = (*NUMBERS.values(), OTHERS)


def merge(kernel: np.ndarray, bias: np.ndarray, sizes: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A head of ImageNet's classes, with similar classes of each of GROUPS as one.

    kernel: float (D, 1000). bias: float (1000,). sizes: of each of GROUPS, as how many units its classes remain.
    Returns kernel (D, U), bias (U,), and of each unit the number of its group, int (U,). A unit is the mean of its
    classes, with the logarithm of their number added, since their probabilities are summed.
    """
    from sklearn.cluster import KMeans

    kernels, biases = [], []
    for numbers, size in zip(GROUPS, sizes, strict=True):
        rows, clusters = kernel[:, numbers].T, np.arange(len(numbers))
        if size < len(numbers):
            clusters = KMeans(size, n_init=1, random_state=0).fit_predict(rows)
        for cluster in range(clusters.max() + 1):
            is_in = clusters == cluster
            kernels.append(rows[is_in].mean(0))
            biases.append(bias[numbers[is_in]].mean() + np.log(is_in.sum()))
    counts = [min(size, len(numbers)) for numbers, size in zip(GROUPS, sizes, strict=True)]
    return (
        np.stack(kernels, 1).astype("float32"),
        np.array(biases, "float32"),
        np.repeat(np.arange(len(counts)), counts),
    )
