"""A stop that reaches the recipe's own process alone, as an editor or a container sends it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.house import ROOT

SLOW = '''
"""A recipe that prepares data in two processes for as long as it may."""

import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor

pool = ProcessPoolExecutor(2)
jobs = [pool.submit(time.sleep, 600) for _ in range(2)]
print(*(child.pid for child in multiprocessing.active_children()), flush=True)
jobs[0].result()
'''


def is_running(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_interrupt_of_the_recipe_alone_ends_the_processes_that_prepare_its_data(tmp_path):
    (tmp_path / "toys").mkdir()
    (tmp_path / "toys/__init__.py").touch()
    (tmp_path / "toys/slow.py").write_text(SLOW)
    code = "from demos.shared.training import command; command.main('toys', ('slow',), '')"
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}:{tmp_path}"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    process = subprocess.Popen([sys.executable, "-c", code, "slow"], env=environment, cwd=tmp_path, **pipes)
    children = list(map(int, process.stdout.readline().split()))
    assert len(children) == 2 and all(map(is_running, children))
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130 and err.strip().startswith("Stopped before the first epoch")
    deadline = time.monotonic() + 30
    while any(map(is_running, children)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(map(is_running, children))
