"""The manifest as processes write it."""

import json
import subprocess
import sys

import pytest

from tests.house import ROOT
from tests.weights.conftest import edit
from weights import files


def test_processes_that_record_at_once_lose_nothing(bundled):
    code = """
import sys
from pathlib import Path
from weights import files
for number in range(20):
    files.record(sys.argv[1], directory=Path(sys.argv[2]), metrics={"accuracy": number / 100})
"""
    names = ("shapes/plain", "shapes/wide", "tones/free")
    command = [sys.executable, "-c", code]
    running = [subprocess.Popen([*command, name, str(bundled)], cwd=ROOT) for name in names]
    assert [process.wait(120) for process in running] == [0] * 3
    networks = files.read_manifest(bundled / "manifest.json").networks
    assert [networks[name].metrics for name in names] == [{"accuracy": 0.19}] * 3


def test_record_replaces_whole_fields_and_keeps_the_others(bundled):
    before = files.read_manifest(bundled / "manifest.json").networks["shapes/plain"]
    entry = files.record("shapes/plain", directory=bundled, metrics={"recall": 0.5}, thresholds=None)
    assert entry.metrics == {"recall": 0.5} and entry.thresholds == {}
    assert entry.recipe == before.recipe and entry.sha256 == before.sha256


def test_record_of_malformed_figures_raises_and_changes_nothing(bundled):
    before = (bundled / "manifest.json").read_bytes()
    with pytest.raises(ValueError, match="shapes/plain"):
        files.record("shapes/plain", directory=bundled, metrics={"recall": "high"})
    assert (bundled / "manifest.json").read_bytes() == before


OPTIONAL = "source parameters metrics subset_metrics timings baselines thresholds recipe license".split()


@pytest.mark.parametrize("field", OPTIONAL)
def test_null_optional_field_is_a_missing_one(bundled, field):
    edit(bundled, lambda manifest: manifest["networks"]["shapes/plain"].pop(field, None))
    missing = files.read_manifest(bundled / "manifest.json")
    edit(bundled, lambda manifest: manifest["networks"]["shapes/plain"].update({field: None}))
    assert files.read_manifest(bundled / "manifest.json") == missing and not missing.malformed


@pytest.mark.parametrize("field", ["command", "seed", "versions", "dataset", "minutes", "metrics"])
def test_null_field_of_a_recipe_is_a_missing_one(bundled, field):
    files.record("shapes/plain", directory=bundled, recipe={"machine": "laptop"})
    missing = files.read_manifest(bundled / "manifest.json")
    files.record("shapes/plain", directory=bundled, recipe={"machine": "laptop", field: None})
    assert files.read_manifest(bundled / "manifest.json") == missing


@pytest.mark.parametrize("field", ["file", "sha256", "bytes", "inputs", "outputs"])
def test_null_required_field_is_malformed(bundled, field):
    edit(bundled, lambda manifest: manifest["networks"]["shapes/plain"].update({field: None}))
    assert field in files.read_manifest(bundled / "manifest.json").malformed["shapes/plain"]


MALFORMED = [None, [], "text", {}, {"bytes": "many"}]


@pytest.mark.parametrize("content", MALFORMED)
def test_record_of_whole_entry_over_malformed_one_starts_anew(bundled, content):
    whole = json.loads((bundled / "manifest.json").read_text())["networks"]["shapes/plain"]
    del whole["license"]
    edit(bundled, lambda manifest: manifest["networks"].update({"shapes/plain": content}))
    entry = files.record("shapes/plain", directory=bundled, **whole)
    assert entry.sha256 == whole["sha256"] and entry.license == ""
    assert json.loads((bundled / "manifest.json").read_text())["networks"]["shapes/plain"] == whole


@pytest.mark.parametrize("content", MALFORMED)
def test_record_of_figures_over_malformed_entry_raises_one_sentence_and_changes_nothing(bundled, content):
    edit(bundled, lambda manifest: manifest["networks"].update({"shapes/plain": content}))
    before = (bundled / "manifest.json").read_bytes()
    with pytest.raises(ValueError, match="^'shapes/plain': [^\n]*$"):
        files.record("shapes/plain", directory=bundled, metrics={"accuracy": 0.5})
    assert (bundled / "manifest.json").read_bytes() == before


def test_record_that_mends_the_malformed_field_keeps_the_others(bundled):
    before = files.read_manifest(bundled / "manifest.json").networks["shapes/plain"]
    edit(bundled, lambda manifest: manifest["networks"]["shapes/plain"].update(metrics=["high"]))
    entry = files.record("shapes/plain", directory=bundled, metrics={"accuracy": 0.5})
    assert entry == before.model_copy(update={"metrics": {"accuracy": 0.5}})


def test_record_of_unknown_field_raises_and_changes_nothing(bundled):
    before = (bundled / "manifest.json").read_bytes()
    with pytest.raises(ValueError, match="'shapes/plain': an entry has no field metrcs"):
        files.record("shapes/plain", directory=bundled, metrcs={})
    assert (bundled / "manifest.json").read_bytes() == before
