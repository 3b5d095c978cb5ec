"""In which numbers recipes train; PyTorch, which stands in no requirements file, is played."""

import sys
from types import SimpleNamespace

import pytest

from demos.shared.training import backend


@pytest.mark.parametrize(
    ("framework", "has_accelerator", "capability", "policy"),
    [
        ("torch", False, "AVX512", "mixed_bfloat16"),
        ("torch", False, "AVX2", "float32"),
        ("torch", False, "DEFAULT", "float32"),
        ("torch", True, "AVX2", "mixed_bfloat16"),
        ("tensorflow", False, "AVX512", "float32"),
    ],
)
def test_bfloat16_only_where_it_is_fast(framework, has_accelerator, capability, policy, monkeypatch):
    cuda = SimpleNamespace(is_available=lambda: has_accelerator)
    cpu = SimpleNamespace(get_cpu_capability=lambda: capability)
    torch = SimpleNamespace(cuda=cuda, backends=SimpleNamespace(cpu=cpu))
    monkeypatch.setitem(sys.modules, "torch", torch)
    monkeypatch.setattr(backend.keras.backend, "backend", lambda: framework)
    assert backend.fastest_policy() == policy
