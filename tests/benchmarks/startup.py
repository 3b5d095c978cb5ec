"""`python -m tests.benchmarks.startup`: process start to the first page and to every demo's answer, and memory.

Loupe beside a bare Gradio page with one button, and beside the plain way: import TensorFlow, load the .keras files,
launch. Each in a fresh process, in turns. Needs nothing beyond requirements.txt; Linux, for the memory.
"""

import statistics

from tests.benchmarks.common import Client, Server, table

ROUNDS = 5
BARE = """
import gradio as gr

with gr.Blocks(analytics_enabled=False) as page:
    gr.Button("Press").click(lambda: None, None, None, api_name="press")
page.launch(ssr_mode=False)
"""
PLAIN = """
import importlib
import json
from pathlib import Path

import gradio as gr
import keras
import numpy as np
from PIL import Image

def interface(name, entry):
    importlib.import_module(f"demos.{name.split('/')[0]}.training.networks")
    model = keras.saving.load_model(Path("weights", entry["source"]["file"]), compile=False)
    ((_, height, width, channels),) = [spec["shape"] for spec in entry["inputs"].values()]

    def predict(picture):
        size = (width or picture.width // 8 * 8, height or picture.height // 8 * 8)
        pixels = np.asarray(picture.convert("L" if channels == 1 else "RGB").resize(size), model.inputs[0].dtype)
        batch = pixels.reshape(1, *pixels.shape[:2], channels)
        return keras.tree.map_structure(lambda output: output[0].tolist(), model.predict(batch, verbose=0))

    return gr.Interface(predict, gr.Image(type="pil"), gr.JSON(), api_name=name.replace("/", "_"))

listed = json.loads(Path("weights/manifest.json").read_text())["networks"]
sizes = {name: [len(spec["shape"]) for spec in entry["inputs"].values()] for name, entry in listed.items()}
# Those that take a picture and nothing else.
networks = {name: entry for name, entry in listed.items() if "source" in entry and sizes[name] == [4]}
gr.TabbedInterface([interface(*item) for item in networks.items()], list(networks)).launch(ssr_mode=False)
"""
PAGES = {"Loupe": ["app.py"], "a bare page": ["-c", BARE], "the plain way": ["-c", PLAIN]}


def main() -> None:
    runs, problems = {name: [] for name in PAGES}, set()
    for _ in range(ROUNDS + 1):
        for name, command in PAGES.items():
            runs[name].append(start(command, problems))
    # The first round fills the disk's cache, and Python's.
    medians = {name: [statistics.median(c) for c in zip(*of[1:], strict=True)] for name, of in runs.items()}
    print(f"Median of {ROUNDS} starts:\n")
    head = ["", "first page, s", "every demo ready, s", "resident, MB"]
    rows = [[name, f"{page:.2f}", f"{ready:.2f}", f"{mb:.0f}"] for name, (page, ready, mb) in medians.items()]
    print(table(head, rows))
    ours, bare = medians["Loupe"], medians["a bare page"]
    print(f"\nLoupe to the bare page: first page {ours[0] / bare[0]:.2f}, memory {ours[2] / bare[2]:.2f}.")
    print(*sorted(problems), sep="\n")


def start(command: list[str], problems: set[str]) -> tuple[float, float, float]:
    """Seconds to the first page, seconds until every endpoint has answered, resident MB then.

    What an endpoint says that gives no answer is added to `problems`.
    """
    with Server(command) as server:
        server.wait()
        page = server.seconds()
        client = Client(server.port)
        for name, (number, arguments) in client.endpoints().items():
            try:
                client.ask(number, arguments)
            except RuntimeError as error:
                problems.add(f"/{name} is not ready: {error}")
        return page, server.seconds(), server.resident()


if __name__ == "__main__":
    main()
