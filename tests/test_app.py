"""`python app.py`: opens without a network, without TensorFlow, and ends when it is told to."""

import os
import socket
import subprocess
import sys

import pytest

from tests import serving
from tests.house import ROOT

# In place of a network: the name of every host but this one is unknown.
OFFLINE = """
import runpy, socket, sys
known = socket.getaddrinfo

def resolve(host, *arguments, **options):
    if host in (None, "", "localhost", "127.0.0.1", "0.0.0.0", b"localhost", b"127.0.0.1"):
        return known(host, *arguments, **options)
    print("asked for", host, flush=True)
    raise socket.gaierror(f"{host} is unknown")

socket.getaddrinfo = resolve
sys.argv = ["app.py", *sys.argv[1:]]
sys.path.insert(0, "")
runpy.run_path("app.py", run_name="__main__")
"""


def test_it_opens_without_a_network_and_ctrl_c_ends_it(tmp_path):
    (tmp_path / "offline.py").write_text(OFFLINE)
    with serving.serve(script=tmp_path / "offline.py", LOUPE_WEIGHTS_REPO="") as app:
        assert 'class="card"' in serving.shown(app.url)
        assert app.interrupt() in (0, 130)
        assert "asked for" not in app.output and "Traceback" not in app.output


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    command, environment = [sys.executable, "app.py", *arguments], {**os.environ, **environment}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)


@pytest.mark.parametrize(
    "arguments, variable, start",
    [
        (["--port", "0"], "", "--port must be a whole number from 1 to 65535, not '0'"),
        (["--port", "99999"], "abc", "--port must be a whole number from 1 to 65535, not '99999'"),
        ([], "abc", "GRADIO_SERVER_PORT must be a whole number from 1 to 65535, not 'abc'"),
    ],
)
def test_what_is_no_port_is_one_sentence(arguments, variable, start):
    ran = run(*arguments, GRADIO_SERVER_PORT=variable)
    assert ran.returncode == 1 and ran.stderr.strip().startswith(start) and len(ran.stderr.splitlines()) == 1


def has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")
def test_it_starts_at_an_ipv6_address_behind_dead_proxies_and_beside_what_others_left(tmp_path):
    (tmp_path / "loupe-a.lock").mkdir()
    (tmp_path / "loupe-b.lock").symlink_to("loupe-b.lock")
    dead = "http://name:secret@127.0.0.1:9"
    proxies = {"http_proxy": dead, "HTTPS_PROXY": dead, "ALL_PROXY": "gopher://name:secret@127.0.0.1:9"}
    variables = {"no_proxy": "[fd00::1],10.0.0.0/8", "GRADIO_SERVER_PORT": "", "GRADIO_SERVER_NAME": "::1"}
    variables["GRADIO_TEMP_DIR"] = str(tmp_path)
    with serving.serve(url="http://[::1]:{port}", LOUPE_WEIGHTS_REPO="", **proxies, **variables) as app:
        assert 'class="card"' in serving.shown(app.url)
        assert "The proxy in ALL_PROXY is left out" in app.output and "secret" not in app.output


def test_a_taken_port_is_one_sentence(server):
    port = server.url.rpartition(":")[2]
    ran = run("--port", port)
    assert ran.returncode == 1
    assert ran.stderr.strip().splitlines()[-1].startswith(f"Port {port} is taken") and "Traceback" not in ran.stderr


@pytest.mark.parametrize("host", ["192.0.2.1", "no.such.host.invalid", "nonsense port"])
def test_a_wrong_host_is_one_sentence_that_does_not_blame_the_port(host):
    ran = run("--host", host, "--port", str(serving.free_port()))
    assert ran.returncode == 1
    last = ran.stderr.strip().splitlines()[-1]
    assert last.startswith(f"{host} is no address of this machine") and "--host" in last
    assert "is taken" not in ran.stderr and "Traceback" not in ran.stderr


# The page is started again and again up to what Gradio is told: a public link needs a network, and Ctrl-C between the
# first answer of the server and the wait is a moment that no signal can be timed for.
STARTS = """
import sys, app
from demos import page

class Page:
    def launch(self, **given):
        told.append({key: given[key] for key in ("server_name", "server_port", "share")})
        if fault:
            raise fault

page.build = Page
port = ["--port", sys.argv[1]]
for arguments, fault in (
    ([], None), (["--host", "0.0.0.0", "--port", "1234", "--share"], None), (port, KeyboardInterrupt()),
    (port, OSError("the report could not be written")),
):
    sys.argv, told, ended = ["app.py", *arguments], [], 0
    try:
        app.main()
    except SystemExit as end:
        ended = end.code
    print(*told, ended, sep="|")
"""


@pytest.fixture(scope="module")
def starts() -> subprocess.CompletedProcess:
    """A start without options, one with all, one that Ctrl-C ends, and a fault of the system, which ends the process.

    Each but the last prints what Gradio was told, and its exit code.
    """
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GRADIO_SERVER_")}
    command = [sys.executable, "-c", STARTS, str(serving.free_port())]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)


def test_host_and_port_and_share_are_options_and_the_port_is_7860(starts):
    plain, given, _ = starts.stdout.strip().splitlines()
    assert plain == f"{ {'server_name': '127.0.0.1', 'server_port': 7860, 'share': False} }|0"
    assert given == f"{ {'server_name': '0.0.0.0', 'server_port': 1234, 'share': True} }|0"


def test_ctrl_c_before_gradio_waits_for_it_leaves_no_trace(starts):
    assert starts.stdout.strip().endswith("|130")
    assert starts.stderr.count("Traceback") == 1  # that of the fault which comes after it


def test_any_other_error_of_the_system_is_raised(starts):
    """One that names a port as well."""
    assert starts.returncode == 1 and "OSError: the report could not be written" in starts.stderr
    assert "is taken" not in starts.stderr


def test_the_page_and_an_answer_need_neither_tensorflow_nor_keras_nor_scikit_learn(photograph):
    code = """
import sys, app
from demos import page
from demos.cifar10 import predict
page.build()
predict.predict(sys.argv[1])
print(sorted({"tensorflow", "keras", "sklearn", "torch"} & set(sys.modules)))
"""
    command = [sys.executable, "-c", code, str(photograph)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert ran.stdout.strip().splitlines()[-1:] == ["[]"], ran.stderr
