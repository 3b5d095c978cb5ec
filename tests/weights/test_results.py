from pathlib import Path

import pytest

from weights import results
from weights.files import record

ROOT = Path(__file__).parents[2]
MARKS = f"{results.BEGIN}\nold\n{results.END}"


@pytest.fixture
def root(tmp_path, bundled, monkeypatch):
    root = tmp_path / "suite"
    (root / "demos/shapes").mkdir(parents=True)
    (root / "README.md").write_text(f"# Loupe\n\n{MARKS}\n\nAfter.\n")
    (root / "demos/shapes/CARD.md").write_text(f"# Shapes\n{MARKS}\n")
    monkeypatch.chdir(root)
    monkeypatch.setenv("LOUPE_WEIGHTS_DIR", str(bundled))
    return root


def test_readme_has_a_table_for_each_demo_and_a_card_its_own(root, bundled):
    record("tones/free", directory=bundled, bytes=1_440_000, metrics={"psnr": 31.2187, "pictures": 10000})
    assert results.main(["--check"]) == 1
    assert results.main([]) == 0
    assert results.main(["--check"]) == 0
    readme, card = (root / "README.md").read_text(), (root / "demos/shapes/CARD.md").read_text()
    assert readme.startswith("# Loupe\n\n<!-- results -->\n\n### [shapes](demos/shapes/CARD.md)\n\n| Figure | `shapes/")
    assert readme.endswith("\n\n<!-- /results -->\n\nAfter.\n")
    tones = readme.split("### tones\n\n")[1]
    assert tones.startswith("| Figure | `tones/free` |\n| --- | ---: |\n| Parameters | 84 |\n| File | 1.4 MB |\n")
    assert "| PSNR | 31.22 |\n| Pictures | 10,000 |\n" in tones
    assert "`shapes/plain` |" in card and "| Accuracy |" in card and "93.12 % |" in card
    assert "tones" not in card and "old" not in card


def test_a_metric_that_one_network_lacks_is_left_open():
    networks = {
        "a/x": {"bytes": 4_480_000, "parameters": 7, "metrics": {"top_5_accuracy": 1.0}},
        "a/y": {"bytes": 10, "parameters": 2219626, "metrics": {"auroc_near": 0.88, "temperature": 0.7}},
    }
    assert results.table(networks).splitlines() == [
        "| Figure | `a/x` | `a/y` |",
        "| --- | ---: | ---: |",
        "| Parameters | 7 | 2,219,626 |",
        "| File | 4.5 MB | 0 kB |",
        "| Top 5 accuracy | 100.00 % | – |",
        "| AUROC near | – | 88.00 % |",
        "| Temperature | – | 0.7000 |",
    ]


@pytest.mark.parametrize("text", ["# Loupe\n", f"{MARKS}\n{MARKS}\n", results.BEGIN])
def test_marks_are_asked_for(root, text, capsys):
    (root / "README.md").write_text(text)
    card = (root / "demos/shapes/CARD.md").read_text()
    assert results.main([]) == 1
    assert "README.md needs the lines <!-- results --> and <!-- /results -->" in capsys.readouterr().err
    assert (root / "demos/shapes/CARD.md").read_text() == card


def test_the_figures_in_this_repository_are_those_of_the_manifest():
    for path, text in results.documents(ROOT, ROOT / "weights").items():
        assert path.read_text(encoding="utf-8") == text, 'run "python -m weights.results"'
