"""How the painter's time is divided."""

from types import SimpleNamespace

import pytest

from demos.style.training import transfer


@pytest.mark.parametrize("is_accelerated", [False, True])
def test_shipped_weights_go_on_with_the_last_and_largest_squares(is_accelerated, monkeypatch):
    monkeypatch.setattr(transfer.backend, "is_accelerated", lambda: is_accelerated)
    fresh, on = (transfer.choose_stages(SimpleNamespace(options=SimpleNamespace(go_on=it))) for it in (False, True))
    begins, sides, _ = zip(*fresh, strict=True)
    assert begins[0] == 0 and list(begins) == sorted(begins) and list(sides) == sorted(set(sides))
    assert on == ((0, *fresh[-1][1:]),)
