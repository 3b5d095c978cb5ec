"""What is kept: files go when nobody uses them and when the page ends, answers when their page is closed."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest

from demos.shared import scratch
from tests import serving
from tests.house import ROOT
from tests.security.conftest import Visitor
from tests.waiting import wait_for


@pytest.fixture
def claimed(tmp_path, monkeypatch):
    """A temporary folder of this process's own, given up at the end."""
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    yield scratch.claim()
    scratch.discard()
    assert not list(tmp_path.glob("loupe-*"))


def test_old_files_and_empty_folders_go_and_what_is_used_or_kept_stays(claimed):
    old, used, kept, part = (claimed / name / "a.png" for name in ("old", "used", "kept", "part"))
    for path in (old, used, kept, part):
        path.parent.mkdir()
        path.write_bytes(b"x")
    time.sleep(1.1)
    scratch.use(used)
    scratch.sweep({str(kept)}, seconds=1)
    assert {path.parent.name for path in claimed.glob("*/*")} == {"used", "kept"}
    for _ in range(2):  # a folder goes after it has been empty for as long
        time.sleep(1.1)
        scratch.sweep({str(kept)}, seconds=1)
    assert [path.name for path in claimed.iterdir()] == ["kept"]


def test_folder_of_a_process_that_was_killed_is_removed_by_the_next(tmp_path, monkeypatch):
    code = "import os; from demos.shared import scratch; scratch.claim(); os.kill(os.getpid(), 9)"
    environment = os.environ | {"GRADIO_TEMP_DIR": str(tmp_path)}
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment)
    (left,) = tmp_path.glob("loupe-*.lock")
    code = "from demos.shared import scratch; print(scratch.claim()); scratch.discard()"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, check=True)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_ends_a_busy_page_soon_and_leaves_no_file(tmp_path, number):
    with serving.serve(LOUPE_WEIGHTS_REPO="", GRADIO_TEMP_DIR=str(tmp_path)) as app:
        file = serving.upload(app.url, b"x" * 1000, "mine.png")
        assert Path(file["path"]).is_file() and Path(file["path"]).is_relative_to(tmp_path)
        visitor = Visitor(app.url)
        thread = threading.Thread(target=lambda: [0 for _ in _listen(visitor)], daemon=True)
        thread.start()  # a connection that stays open
        time.sleep(0.5)
        app.process.send_signal(number)
        assert app.process.wait(20) in (0, 128 + number)
        assert not list(tmp_path.iterdir()) and "Traceback" not in app.output


def _listen(visitor: Visitor):
    try:
        with httpx.stream("GET", f"{visitor.url}/heartbeat/{visitor.session}", timeout=60) as stream:
            yield from stream.iter_lines()
    except httpx.TransportError:
        pass


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unwritable to root")
def test_unwritable_folder_is_one_sentence(tmp_path):
    tmp_path.chmod(0o500)
    ran = _start(tmp_path)
    assert ran.returncode == 1 and ran.stderr.strip().startswith("No temporary file can be written")


def test_folder_that_is_none_is_one_sentence(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    ran = _start(tmp_path / "file" / "in")
    assert ran.returncode == 1
    assert (
        ran.stderr.strip().splitlines()[-1].startswith("No temporary file can be written") and "Trace" not in ran.stderr
    )


def _start(folder: Path) -> subprocess.CompletedProcess:
    environment = os.environ | {"GRADIO_TEMP_DIR": str(folder)}
    command = [sys.executable, "app.py", "--port", str(serving.free_port())]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)


def test_upload_to_a_folder_that_has_gone_is_one_sentence(tmp_path):
    """As on a full disk."""
    code = """
import runpy, sys
from demos.shared import scratch
sys.argv = ["app.py", *sys.argv[1:]]
from demos.shared.ui import gate
gate.MIN_DISK = 1 << 60
runpy.run_path("app.py", run_name="__main__")
"""
    (tmp_path / "full.py").write_text(
        "import sys; sys.path.insert(0, '')\n"
        + code.replace(
            "from demos.shared.ui",
            "\
import os; os.environ.setdefault('GRADIO_ANALYTICS_ENABLED', 'False')\nfrom demos.shared.ui",
        )
    )
    with serving.serve(script=tmp_path / "full.py", LOUPE_WEIGHTS_REPO="") as app:
        answer = httpx.post(f"{app.url}/gradio_api/upload", files={"files": ("a.png", b"x")})
        assert answer.status_code == 507 and "no room" in answer.json()["detail"]


def test_sessions_of_the_api_are_not_kept(attacked, photograph):
    """Each holds 0.4 MB of Gradio's own copies: 200 calls held 80 MB."""
    file = serving.upload(attacked.url, photograph.read_bytes())
    place = f"{attacked.url}/gradio_api/call/cifar10"

    def call(times: int) -> None:
        with httpx.Client(timeout=60) as client:
            for _ in range(times):
                event = client.post(place, json={"data": [file, "airbench", None]}).json()["event_id"]
                assert "event: complete" in client.get(f"{place}/{event}").text

    call(20)
    before = _resident(attacked)
    call(200)
    wait_for(lambda: _resident(attacked) - before < 40, 60)


def _resident(app) -> float:
    status = Path(f"/proc/{app.process.pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1000
