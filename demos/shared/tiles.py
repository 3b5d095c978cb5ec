"""How a large picture is divided into tiles."""


def split_length(length: int, core: int, step: int) -> list[tuple[int, int]]:
    """A length as nearly equal stretches of at most `core`, each but the last ending at a multiple of `step`."""
    count = -(-length // core)
    inner = [step * round(length * i / count / step) for i in range(1, count)]
    return list(zip([0, *inner], [*inner, length], strict=True))
