"""Which of Gradio's files a page loads, so that their styles are sent with it and its code is asked for at once.

Without that each level of files is asked for when the one before has come: five times there and back.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterable
from pathlib import Path

import gradio

FOLDER = Path(gradio.__file__).parent / "templates/frontend/assets"
# How Vite, which packs Gradio's files, writes that a file is loaded, and by number which it needs.
_LISTED = re.compile(r"m\.f=(\[[^\]]*\])")
_LOADED = re.compile(r"import\(`\./([\w.-]+)`\)(?:[^,]{0,40},__vite__mapDeps\(\[([\d,]*)\])?")

# Gradio loads no style that a link is there for, and browsers none that is disabled. What is written into the page some
# load all the same: they read ahead.
LINK = """for (const name of %s) {
    const link = {rel: "stylesheet", href: `./assets/${name}`, disabled: true};
    document.head.append(Object.assign(document.createElement("link"), link));
}"""


def head(types: Iterable[str]) -> str:
    """HTML for the head of a page with components of these types; "" where Gradio's files are packed otherwise."""
    try:
        names = needed(frozenset(types))
    except (LookupError, OSError, StopIteration, TypeError, ValueError):
        return ""
    styles = {name: _read(name) for name in names if name.endswith(".css")}
    styles = {name: text for name, text in styles.items() if "url(" not in text and "@import" not in text}
    scripts = "".join(f'<link rel="modulepreload" href="./assets/{name}">' for name in names if name.endswith(".js"))
    return f"{scripts}<style>{''.join(styles.values())}</style><script>{LINK % json.dumps(list(styles))}</script>"


@functools.lru_cache(maxsize=64)
def needed(types: frozenset[str]) -> list[str]:
    """Names of the files that a page with components of these types loads, behind those that stand in it."""
    main = next(name for name in _names("Index-*.js") if "import(`./Blocks-" in _read(name))
    core = next(name for name in _names("core-*.js") if "accordion:{" in _read(name))
    (entry,) = _names("index-*.js")
    found = dict.fromkeys(_loads(entry, rf"(?=import\(`\./{re.escape(main)})"))
    found |= dict.fromkeys(_loads(main, r"(?=import\(`\./Blocks-)"))
    for kind in sorted(types):
        found |= dict.fromkeys(_loads(core, rf"[,{{]{kind}:\{{[^{{}}]*\bcomponent:"))
    page = set(_names("index-*"))
    return [name for name in found if name not in page]


def _loads(file: str, before: str) -> list[str]:
    """What a file loads behind what a pattern finds: a file and those that it needs; [] where it finds none."""
    text = _read(file)
    if (place := re.search(before, text)) is None:
        return []
    name, numbers = _LOADED.search(text, place.end()).groups()
    listed = json.loads(_LISTED.search(text)[1])
    return [name, *(listed[int(number)].removeprefix("./") for number in (numbers or "").split(",") if number)]


def _names(pattern: str) -> list[str]:
    return sorted(path.name for path in FOLDER.glob(pattern))


@functools.cache
def _read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")
