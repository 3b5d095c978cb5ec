"""What stands folded beneath every demo: "About these networks" and "Use it elsewhere"."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Callable
from html import escape
from pathlib import Path
from string import Template

import gradio as gr

import weights
from demos.shared import signature
from demos.shared.signature import REQUIRED, Parameter
from demos.shared.ui import events
from demos.shared.ui.parts import Part
from weights import results

_LINKED = re.compile(r"^!\[([^]]+)\]\((\S+)\)\n", re.MULTILINE)
_PYTHON = Template("""from gradio_client import Client, handle_file

client = Client("{url}")
$answer = client.predict($arguments, api_name="/$name")
$read""")
_HTTP = Template("""# $steps
$uploads
ID=$$(curl -s {url}/gradio_api/call/$name -H "Content-Type: application/json" \\
  -d '{"data": [$data]}' | cut -d'"' -f4)
$answer""")
_UPLOAD = Template("""$variable=$$(curl -s -F files=@$file {url}/gradio_api/upload | cut -d'"' -f2)""")
_READ_JSON = Template("""curl -sN {url}/gradio_api/call/$name/$$ID""")
_FETCH = Template("""PNG=$$(curl -sN {url}/gradio_api/call/$name/$$ID | grep -o '"path": "[^"]*"' | cut -d'"' -f4)
curl -s {url}/gradio_api/file=$$PNG -o $name.png""")

HEIGHT = 620  # of the frame, in pixels, where no script fits it to what it shows
FIT = """<!-- as high as what it shows; not needed -->
<script>addEventListener("message", ({data, source}) => { for (const frame of document.querySelectorAll("iframe"))
  if (frame.contentWindow === source && data?.loupeHeight > 0) frame.height = data.loupeHeight; });</script>"""
# Puts the address of the page into the snippets, and copies one.
COPY = """const here = location.origin + location.pathname.replace(/\\/$/, "");
for (const code of element.querySelectorAll("code")) code.textContent = code.textContent.replaceAll("{url}", here);
element.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const code = button.closest("figure").querySelector("code");
  try {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(code);
    button.textContent = "Selected";
  }
  setTimeout(() => { button.textContent = "Copy"; }, 2000);
});"""


def about(name: str, plot: Callable[[dict[str, weights.Entry]], str] = lambda entries: "") -> None:
    """ "About these networks": a plot, as HTML, and the demo's card, of the figures of the manifest in force.

    The pictures that the card links lie beside it; here they stand beneath it. A demo without a card has its figures.
    """
    path = Path(importlib.import_module(f"demos.{name}").__file__).with_name("CARD.md")
    text = path.read_text(encoding="utf-8") if path.is_file() else ""

    def draw() -> tuple[str, str]:
        entries = results.by_demo(weights.manifest().networks).get(name, {})
        table = results.table(entries, results.read_layout(path)).replace(f"`{name}/", "`") if entries else ""
        return plot(entries), _card(text, table)

    with gr.Accordion("About these networks", open=False), Part(f"{name}-about", 300):
        drawn, card = draw()
        shown = [gr.HTML(drawn), gr.Markdown(card, elem_classes="figures")]
        for alt, file in _LINKED.findall(text):
            gr.Image(
                str(path.with_name(file)), alt_text=" ".join(alt.split()), label="Picture", show_label=False,
                container=False, interactive=False, buttons=["fullscreen"],
            )  # fmt: skip
        gr.on(None, draw, None, shown, **events.INSTANT)


def _card(text: str, table: str) -> str:
    """A card as Markdown, without its front matter, title and pictures, and with this table."""
    table = f'<div class="wide" tabindex="0">\n\n{table}\n\n</div>'  # keys can scroll it
    above, _, rest = _LINKED.sub("", text).partition(results.BEGIN)
    body = above.partition("\n# ")[2].partition("\n")[2]
    return f"{body}{table}{rest.partition(results.END)[2]}"


def elsewhere(name: str, read: str = "print(answer)", file: str | tuple[str, ...] = "cat.jpg", **values) -> None:
    """ "Use it elsewhere": the snippets of a demo, each to copy. For the arguments see `snippets`."""
    texts = snippets(name, read, file, **values)
    with gr.Accordion("Use it elsewhere", open=False):
        drawn = "".join(_figure(label, text) for label, text in texts.items())
        gr.HTML(drawn, js_on_load=COPY, elem_classes="snippets", elem_id=f"{name}-snippets")


def _figure(label: str, text: str) -> str:
    """A snippet as HTML, with a button that copies it."""
    head = f'<figcaption>{label}<button type="button">Copy</button></figcaption>'
    return f'<figure>{head}<pre tabindex="0"><code>{escape(text, quote=False)}</code></pre></figure>'


def snippets(
    name: str, read: str = "print(answer)", file: str | tuple[str, ...] = "cat.jpg", **values
) -> dict[str, str]:
    """A demo's link, its frame for other pages, and its calls in Python and over HTTP, by the label of each.

    `{url}` in them stands for the address of the page.
    read: the line of Python that prints something of `answer`, or of `file` where the answer is a picture.
    file: names of picture files; a further picture has its parameter's name.
    values: arguments that the calls in Python show; all others have their defaults.
    """
    module = importlib.import_module(f"demos.{name}.predict")
    link = f"{{url}}/?demo={name}"
    frame = f'<iframe src="{link}&embed" width="100%" height="{HEIGHT}" style="border:0"'
    texts = {"Link": link, "Embed": f'{frame}\n  allow="camera; clipboard-write; web-share"></iframe>\n{FIT}'}
    files = (file,) if isinstance(file, str) else file
    texts |= _calls(name, module.predict, read, files, values)
    for further in importlib.import_module(f"demos.{name}").demo.functions:
        endpoint, function = f"{name}_{further}", getattr(module, further)
        line = "print(file)" if signature.gives_picture(function) else "print(answer)"
        calls = _calls(endpoint, function, line, files, values)
        texts |= {f"{label}, /{endpoint}": text for label, text in calls.items()}
    return texts


def _calls(name: str, function: Callable, read: str, files: tuple[str, ...], values: dict) -> dict[str, str]:
    """How an endpoint is called, by the label of each way."""
    parameters, is_picture = signature.parameters(function), signature.gives_picture(function)
    named = _files(parameters, files)
    python = _PYTHON.substitute(
        name=name, answer="file" if is_picture else "answer", read=read,
        arguments=", ".join(_arguments(parameters, named, values)),
    )  # fmt: skip
    return {"Python": python, "HTTP": _http(name, parameters, named, values, is_picture)}


def _files(parameters: list[Parameter], names: tuple[str, ...]) -> dict[str, str]:
    """The file name for each parameter that is a picture; its own where too few are given."""
    pictures = [parameter.name for parameter in parameters if parameter.is_picture]
    return {name: names[at] if at < len(names) else f"{name}.jpg" for at, name in enumerate(pictures)}


def _arguments(parameters: list[Parameter], files: dict[str, str], values: dict) -> list[str]:
    """The arguments of a call in Python."""
    arguments = []
    for number, parameter in enumerate(parameters):
        keyword = f"{parameter.name}=" if number else ""
        if parameter.is_picture:
            handle = f'handle_file("{files[parameter.name]}")'
            arguments.append(keyword + (handle if parameter.kind == "picture" else f"[{handle}]"))
        elif parameter.name in values or parameter.default is REQUIRED:
            value = values.get(parameter.name, _sample(parameter))
            arguments.append(f"{parameter.name}={json.dumps(value) if isinstance(value, str) else value}")
    return arguments


def _sample(parameter: Parameter) -> object:
    """A value of a parameter: its default, else one that it takes."""
    if parameter.default is not REQUIRED:
        return parameter.default
    number = 1 if parameter.least is None else parameter.least
    samples = {"choice": next(iter(parameter.choices), ""), "bool": True, "str": "", "crop": {}}
    return samples.get(parameter.kind, number)


def _http(name: str, parameters: list[Parameter], files: dict[str, str], values: dict, is_picture: bool) -> str:
    several = len(files) > 1
    variables = {key: f"FILE{number}" if several else "FILE" for number, key in enumerate(files, 1)}
    uploads = [_UPLOAD.substitute(variable=variables[key], file=file) for key, file in files.items()]
    data = []
    for parameter in parameters:
        if parameter.is_picture:
            sent = f"""{{"path": "'${variables[parameter.name]}'", "meta": {{"_type": "gradio.FileData"}}}}"""
            data.append(sent if parameter.kind == "picture" else f"[{sent}]")
        else:
            value = values.get(parameter.name, _sample(parameter))
            data.append(json.dumps(vars(value) if hasattr(value, "zoom") else value))
    return _HTTP.substitute(
        name=name, uploads="\n".join(uploads), data=", ".join(data),
        steps=f"upload the picture{'s' if several else ''}, ask, "
        + ("read where the answer is, and fetch it" if is_picture else "and read the answer"),
        answer=(_FETCH if is_picture else _READ_JSON).substitute(name=name),
    )  # fmt: skip
