"""The page as a Space runs it: the files that it is given, its variables, and the real package of ZeroGPU."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from demos import discover
from tests import serving
from tests.house import ROOT
from tests.hub import Hub
from tests.waiting import wait_for
from weights import space
from weights.publish import collect_weights

pytestmark = pytest.mark.skipif(not (ROOT / ".git").exists(), reason="git does not track this copy of the files")
REPO, SPACE = "Owner/Loupe", "Owner/Demo"


@contextmanager
def devices():
    """What hands out GPUs on a ZeroGPU Space: its address, and what it is asked."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}", asked
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """The folder of a Space of this suite."""
    root = tmp_path_factory.mktemp("space")
    for path, content in space.collect(SPACE, ROOT, REPO).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    return root


def test_a_space_on_zerogpu_opens_pulls_its_weights_and_answers(published, photograph, tmp_path):
    with Hub() as hub, devices() as (address, asked):
        commit = hub.commit(REPO, collect_weights(REPO, ROOT))
        (tmp_path / "torch.py").write_text("raise ImportError('a Space of this suite has no PyTorch')")
        environment = {
            "SYSTEM": "spaces", "SPACE_ID": SPACE, "SPACE_HOST": "owner-demo.hf.space", "SPACE_AUTHOR_NAME": "Owner",
            "SPACES_ZERO_GPU": "true", "SPACES_ZERO_DEVICE_API_URL": address, "ZERO_GPU_PATCH_TORCH_DEVICE": "true",
            "GRADIO_SERVER_NAME": "0.0.0.0", "GRADIO_SSR_MODE": "true", "GRADIO_CACHE_EXAMPLES": "lazy",
            "GRADIO_TEMP_DIR": str(tmp_path / "temporary"), "HF_HOME": str(tmp_path / "home"), "HF_ENDPOINT": hub.url,
            "LOUPE_WEIGHTS_REPO": REPO, "LOUPE_WEIGHTS_DIR": "", "PYTHONPATH": str(tmp_path),
        }  # fmt: skip
        with serving.serve(root=published, **environment) as app:
            assert asked == ["/startup-report"]  # without it the Space is ended
            config = serving.config(app.url)
            assert config["space_id"] == SPACE and not config.get("is_ssr")
            shown = serving.shown(app.url)
            for found in discover():
                assert found.demo.question in shown.replace("&#x27;", "'") and not found.problem
            assert f"spaces/{SPACE}/tree/main" in shown
            file = serving.upload(app.url, photograph.read_bytes())
            event, (answer,) = serving.call(app.url, "cifar10", file, "airbench", None)
            assert event == "complete" and answer["label"] == "cat"
            wait_for(lambda: f"{REPO}@{commit[:7]}: all" in app.output)
            # Python complains of a loop that the package leaves open, now and then; no request has met it.
            assert "Traceback" not in app.output.partition("Exception ignored in: <function BaseEventLoop.__del__")[0]
            assert asked == ["/startup-report"] and not (published / ".gradio").exists()
