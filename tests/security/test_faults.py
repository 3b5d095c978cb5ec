"""What is wrong is one sentence to who sent it, and at most one line in the log; nothing optional is needed."""

import json
import shutil

import httpx
import pytest

from demos.vehicles.confidence import UNCALIBRATED
from tests import serving
from tests.security.conftest import JSON, values
from weights.files import folder

WRONG = [None, "many", True, float("inf"), float("nan"), 10**400, [], {}, "\ud800", "\u202eevil"]


@pytest.fixture(scope="module")
def sent(attacked, photograph) -> dict:
    return serving.upload(attacked.url, photograph.read_bytes())


@pytest.mark.parametrize(
    "endpoint, place, name", [("cifar10", 1, "network"), ("retrieval", 1, "encoder"), ("denoiser", 1, "strength")]
)
def test_wrong_value_is_a_sentence_that_names_its_parameter(attacked, sent, endpoint, place, name):
    defaults = {
        "cifar10": [sent, "airbench", None],
        "retrieval": [sent, "efficientnet", 4, None],
        "denoiser": [sent, 1.0],
    }
    url = f"{attacked.url}/gradio_api/call/{endpoint}"
    for value in WRONG[1:]:
        data = list(defaults[endpoint])
        data[place] = value
        joined = serving.CLIENT.post(url, content=json.dumps({"data": data}), headers=JSON)
        if joined.status_code in (400, 422):  # JSON knows no NaN, and numbers end somewhere
            continue
        stream = serving.CLIENT.get(f"{url}/{joined.json()['event_id']}").text
        assert "event: error" in stream and f"{name} must be" in stream, value


def test_wrong_value_of_a_control_of_the_page_is_a_sentence_that_names_it(attacked, visitor, events, components):
    for number, event in events.items():
        known = values(event, components)
        for at, part in enumerate(event["inputs"]):
            component = components[part]
            if component["type"] not in ("slider", "radio"):
                continue
            for value in ("nonsense", None, 10**9, [1]):
                answer = visitor.ask(number, [*known[:at], value, *known[at + 1 :]])
                assert not answer["success"], (number, value)
                assert answer["output"]["error"].startswith(f"{component['props']['label']} must be")
            break


def test_nothing_wrong_leaves_a_trace_in_the_log(attacked, visitor, events):
    for number in events:
        visitor.ask(number, [{"a": 1}] * 9, event_data={"index": "here", "value": 5})
    visitor.ask(10**6, [])
    httpx.post(f"{attacked.url}/gradio_api/call/no_such", json={"data": []})
    httpx.post(f"{attacked.url}/gradio_api/queue/join", content=b"{", headers=JSON)
    assert "Traceback" not in attacked.output
    assert max(map(len, attacked.output.splitlines())) < 500


def test_config_names_no_folder_but_the_page_s_own_copies(attacked):
    text = httpx.get(f"{attacked.url}/config").text
    assert str(folder()) not in text and "site-packages" not in text


@pytest.mark.parametrize("value", [None, "left out"])
def test_page_stands_without_all_that_is_optional_in_the_manifest(tmp_path, photograph, value):
    """As when it comes from a repository of somebody who has measured nothing."""
    copy = shutil.copytree(folder(), tmp_path / "weights", ignore=shutil.ignore_patterns("*.py", "*.keras"))
    manifest = json.loads((copy / "manifest.json").read_text())
    needed = {"file", "sha256", "bytes", "inputs", "outputs"}
    for entry in manifest["networks"].values():
        for key in set(entry) - needed:
            entry[key] = None
            if value:
                del entry[key]
    manifest["networks"]["cifar10/baseline"] = None
    (copy / "manifest.json").write_text(json.dumps(manifest))
    with serving.serve(LOUPE_WEIGHTS_DIR=str(copy), LOUPE_WEIGHTS_REPO="") as app:
        assert "could not be started" not in serving.shown(app.url)
        file = serving.upload(app.url, photograph.read_bytes())
        for endpoint, more in (
            ("cifar10", ["airbench", None]),
            ("digits", []),
            ("retrieval", ["efficientnet", 4, None]),
            ("style", [4, "encoder", None]),
        ):
            assert serving.call(app.url, endpoint, file, *more)[0] == "complete"
        event, said = serving.call(app.url, "vehicles", file, 5, "embedding", False, None)
        assert (event, said["error"]) == ("error", UNCALIBRATED)
        assert "Traceback" not in app.output
