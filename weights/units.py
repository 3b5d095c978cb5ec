"""How a metric is written: its name as a heading, its value with a unit."""

_SPELLED = {word.lower(): word for word in "AUPR AUROC ECE F1 FPR LPIPS MAE MSE NLL OOD PSNR SSIM".split()}
_SPELLED |= {"map": "mAP", "ms": "ms"}

_FRACTIONS = "accuracy auroc aupr calibration coverage f1 fpr map precision rank rate recall share".split()
# The unit of a metric and its decimals, by the first of these words in its name. None: three or four digits.
UNITS = {
    "milliseconds": ("ms", None),
    "seconds": ("s", None),
    "psnr": ("dB", 2),
    "ssim": ("", 4),
    "mse": ("", None),
    "temperature": ("", 4),
} | dict.fromkeys(_FRACTIONS, ("%", 2))


def heading(metric: str) -> str:
    """A metric's name to be read: "calibration_error" -> "Calibration error", "auroc_far" -> "AUROC far"."""
    first, *rest = metric.split("_")
    return " ".join([_SPELLED.get(first, first.capitalize()), *(_SPELLED.get(word, word) for word in rest)])


def find_unit(metric: str) -> str:
    """The unit of a metric by its name: "%", "dB", "s", "ms", or "" for none."""
    return next((UNITS[word][0] for word in metric.split("_") if word in UNITS), "")


def format_figure(metric: str, value: float, unit: str | None = None) -> str:
    """A metric's value to be read: shares in percent, PSNR in dB, SSIM with four decimals, times in seconds.

    Others are written whole where they are whole, and with four digits where they are not. unit: that of the metric,
    where its name does not tell.
    """
    known = next((UNITS[word] for word in metric.split("_") if word in UNITS), None)
    if unit is not None and (known is None or unit != known[0]):
        known = next((form for form in UNITS.values() if unit and form[0] == unit), None)
    if known is None:
        text = f"{value:,.0f}" if value == round(value) else f"{value:,.2f}" if unit else _round_to(value, 4)
        return f"{text} {unit or ''}".rstrip()
    unit, decimals = known
    if unit == "%":
        value *= 100
    text = _round_to(value, 3 if unit else 4) if decimals is None else f"{value:,.{decimals}f}"
    return f"{text} {unit}".rstrip()


def _round_to(value: float, digits: int) -> str:
    """`value` with so many digits, zeros at the end included, and never fewer than its whole part has."""
    if value == 0:
        return "0"
    # The exponent of the rounded value: 0.9999 has three digits as 1.00.
    exponent = int(f"{value:.{digits - 1}e}".split("e")[1])
    return f"{value:,.{max(0, digits - 1 - exponent)}f}"
