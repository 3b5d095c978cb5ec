from pathlib import Path

import pytest

from weights import results
from weights.files import record
from weights.schema import Entry, parse_entry

ROOT = Path(__file__).parents[2]
MARKS = f"{results.BEGIN}\nold\n{results.END}"


CARD = f"""---
pipeline_tag: image-classification
loupe:
  headline:
    metric: accuracy
    row: Accuracy on shapes
    ours: shapes/wide
    baseline: shapes/plain
    reference: {{baseline: A nearest neighbour}}
  rows: {{speed: [Pictures a second, "/s"], accuracy: "Accuracy, test"}}
  hidden: [calibration_error]
---
# Shapes
{MARKS}
"""


@pytest.fixture
def root(tmp_path, bundled, monkeypatch):
    root = tmp_path / "suite"
    (root / "demos/shapes").mkdir(parents=True)
    (root / "README.md").write_text(f"# Loupe\n\n{MARKS}\n\nAfter.\n")
    (root / "demos/shapes/CARD.md").write_text(CARD)
    monkeypatch.chdir(root)
    monkeypatch.setenv("LOUPE_WEIGHTS_DIR", str(bundled))
    return root


def test_readme_has_a_row_for_each_demo_and_a_card_all_figures(root, bundled):
    record("tones/free", directory=bundled, bytes=1_440_000, metrics={"psnr": 31.2187})
    baselines = {"A nearest neighbour": {"accuracy": 0.5}}
    record("shapes/wide", directory=bundled, metrics={"accuracy": 0.95, "speed": 61.26}, baselines=baselines)
    assert results.main(["--check"]) == 1
    assert results.main([]) == 0
    assert results.main(["--check"]) == 0
    readme, card = (root / "README.md").read_text(), (root / "demos/shapes/CARD.md").read_text()
    assert readme.startswith("# Loupe\n\n<!-- results -->\n\n| Demo | Figure | Student project's network | Ours |")
    assert readme.endswith("\n\n<!-- /results -->\n\nAfter.\n")
    shapes, tones = readme.split("<!-- /results -->")[0].strip().splitlines()[-2:]
    assert shapes == (
        "| [shapes](demos/shapes/CARD.md) | Accuracy on shapes | 93.12 % | 95.00 % | A nearest neighbour: 50.00 % |"
    )
    assert tones == "| tones | PSNR | – | 31.22 dB | – |"
    lines = card.split("<!-- results -->\n\n")[1].split("\n\n<!--")[0].splitlines()
    assert lines[0] == "| Figure | `shapes/plain` | `shapes/wide` | A nearest neighbour |"
    assert lines[2] == "| Parameters | 137 | 302 | – |" and lines[3].startswith("| File | ")
    assert lines[4:] == [
        "| Pictures a second | – | 61.26 /s | – |",
        "| Accuracy, test | 93.12 % | 95.00 % | 50.00 % |",
    ]


def entry(**fields) -> Entry:
    tensors = {"x": {"shape": [None], "dtype": "uint8"}}
    described = {"file": "a/x.tflite", "sha256": "0" * 64, "bytes": 10, "inputs": tensors, "outputs": tensors}
    return parse_entry("a/x", described | fields)


def test_metric_that_one_network_lacks_shows_dash():
    networks = {
        "a/x": entry(bytes=4_480_000, parameters=7, metrics={"top_5_accuracy": 1.0}, timings={"seconds": 0.3547}),
        "a/y": entry(
            parameters=2219626,
            metrics={"auroc_near": 0.88, "temperature": 0.7, "mse": 0.000671},
            recipe={"metrics": {"accuracy_100_images": 0.5}},
        ),
    }
    assert results.table(networks).splitlines() == [
        "| Figure | `a/x` | `a/y` |",
        "| --- | ---: | ---: |",
        "| Parameters | 7 | 2,219,626 |",
        "| File | 4.5 MB | 0 kB |",
        "| Top 5 accuracy | 100.00 % | – |",
        "| Seconds | 0.355 s | – |",
        "| Accuracy 100 images | – | 50.00 % |",
        "| AUROC near | – | 88.00 % |",
        "| Temperature | – | 0.7000 |",
        "| MSE | – | 0.0006710 |",
    ]


@pytest.mark.parametrize(
    ("metric", "value", "text"),
    [
        ("rejection_rate", 0.994, "99.40 %"),
        ("true_digits_coverage", 0.9921, "99.21 %"),
        ("expected_calibration_error", 0.0133, "1.33 %"),
        ("mean_average_precision", 0.7519, "75.19 %"),
        ("psnr_25", 31.3995, "31.40 dB"),
        ("ssim_25", 0.888, "0.8880"),
        ("seconds_15", 12.84, "12.8 s"),
        ("seconds_25", 13.0, "13.0 s"),
        ("seconds", 1234.5, "1,234 s"),
        ("seconds", 0.9999, "1.00 s"),
        ("milliseconds", 61.26, "61.3 ms"),
        ("ssim", 0.0521, "0.0521"),
        ("ssim", 1.0, "1.0000"),
        ("mse", 0.01830, "0.01830"),
        ("temperature", 1.0, "1.0000"),
        ("pictures", 10000, "10,000"),
        ("pictures", 500.0, "500"),
        ("energy", -3.25, "-3.250"),
    ],
)
def test_figures_of_one_kind_are_written_alike(metric, value, text):
    assert results.format_figure(metric, value) == text


def test_front_matter_that_is_no_yaml_shows_message(root, capsys):
    (root / "demos/shapes/CARD.md").write_text(f"---\nloupe: [1\n---\n{MARKS}\n")
    assert results.main([]) == 1
    assert "the front matter of" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ("  headline: text", "loupe.headline"),
        ("  rows: [a]", "loupe.rows"),
        ("  rows:", "loupe.rows"),
        ("  rows: {accuracy: [Accuracy]}", "loupe.rows.accuracy"),
        ("  hidden: text", "loupe.hidden"),
        ("  headlin: {}", "loupe.headlin"),
        ("  headline: {reference: {name: Known, value: high}}", "loupe.headline.reference.value"),
        ("  headline: {ours: shapes/wid}", "loupe.headline.ours"),
        ("  headline: {baseline: shapes/plan}", "loupe.headline.baseline"),
        ("  headline: {metric: acuracy}", "loupe.headline.metric"),
        ("  headline: {reference: {baseline: Medan}}", "loupe.headline.reference.baseline"),
    ],
)
def test_malformed_front_matter_shows_message_with_card_and_key(root, bundled, capsys, given, key):
    record("shapes/wide", directory=bundled, baselines={"Median": {"accuracy": 0.5}})
    card = root / "demos/shapes/CARD.md"
    card.write_text(f"---\nloupe:\n{given}\n---\n{MARKS}\n")
    readme = (root / "README.md").read_text()
    assert results.main([]) == 1
    message = capsys.readouterr().err
    assert str(card) in message and f"{key}: " in message and message.count("\n") == 1
    assert (root / "README.md").read_text() == readme


def test_headline_before_anything_is_measured_shows_dashes(root, bundled):
    for name in ("shapes/plain", "shapes/wide"):
        record(name, directory=bundled, metrics=None)
    assert results.main([]) == 0
    assert "| Accuracy on shapes | – | – | – |" in (root / "README.md").read_text()


def test_baselines_of_one_name_in_two_entries_share_a_column():
    networks = {
        "a/x": entry(baselines={"Median": {"psnr": 26.89, "ssim": 0.7}}),
        "a/y": entry(baselines={"Median": {"psnr_50": 22.47}, "BM3D": {"psnr": 33.58}}),
    }
    lines = results.table(networks).splitlines()
    assert lines[0] == "| Figure | `a/x` | `a/y` | Median | BM3D |"
    assert lines[4:] == [
        "| PSNR | – | – | 26.89 dB | 33.58 dB |",
        "| SSIM | – | – | 0.7000 | – |",
        "| PSNR 50 | – | – | 22.47 dB | – |",
    ]


def test_bar_in_name_is_escaped_in_table():
    layout = results.Layout(rows={"psnr": "PSNR | sigma 25"})
    lines = results.table({"a/x": entry(baselines={"A | B": {"psnr": 1.0}})}, layout).splitlines()
    assert lines[0] == "| Figure | `a/x` | A \\| B |" and lines[-1] == "| PSNR \\| sigma 25 | – | 1.00 dB |"


@pytest.mark.parametrize("text", ["# Loupe\n", f"{MARKS}\n{MARKS}\n", results.BEGIN])
def test_missing_or_repeated_marks_show_message(root, text, capsys):
    (root / "README.md").write_text(text)
    card = (root / "demos/shapes/CARD.md").read_text()
    assert results.main([]) == 1
    assert "README.md needs the lines <!-- results --> and <!-- /results -->" in capsys.readouterr().err
    assert (root / "demos/shapes/CARD.md").read_text() == card


def test_the_figures_in_this_repository_are_those_of_the_manifest():
    for path, text in results.documents(ROOT, ROOT / "weights").items():
        assert path.read_text(encoding="utf-8") == text, 'run "python -m weights.results"'
