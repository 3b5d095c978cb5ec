// The ways to give a picture, and what follows from each; the last of the files.
async function paste() {
  closeCamera();
  try {
    for (const item of await navigator.clipboard.read()) {
      const kind = item.types.find((type) => type.startsWith("image/"));
      if (kind) return give(new File([await item.getType(kind)], "pasted", { type: kind }));
    }
    say(texts.empty);
  } catch (error) {
    say(error.name === "NotAllowedError" || !navigator.clipboard?.read ? texts.blocked : texts.empty);
  }
}

const DO = { camera: () => openCamera(), file: () => chooser.click(), paste, remove, take: takePhoto, turn: turnCamera, close: closeCamera, map: toggleMap };
element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (!button || !element.contains(button)) return;
  shared.last = element;
  if (button.dataset.do === "file") closeCamera();
  DO[button.dataset.do]();
});
frame.addEventListener("click", (event) => {
  if (event.target.closest("button") || box.matches(".filled, .filming")) return;
  chooser.click();
});
one("[role=switch]").addEventListener("change", (event) => (event.target.checked ? startLive() : stopLive()));
one(".live").hidden = !props.live;
chooser.addEventListener("change", () => {
  const [file] = chooser.files;
  if (file) give(file);
  chooser.value = ""; // the same file may be chosen again
});

// Dropped or pasted: an example of this page, of which only a small picture is dragged, a file, or a picture of this page.
async function take(data) {
  const address = data?.getData("text/uri-list").split(/\r?\n/)[0];
  const example = [...document.querySelectorAll(".examples [data-path] img")].find((one) => one.src === address);
  if (example?.closest("[data-picture]").dataset.picture === props.name) return example.parentElement.click();
  if (example) return choose({ path: example.parentElement.dataset.path });
  const files = [...(data?.files ?? [])];
  const file = files.find((one) => one.type.startsWith("image/")) ?? files[0];
  if (file) return give(file);
  if (!address) return;
  try {
    if (new URL(address).origin !== location.origin) throw new Error();
    const blob = await (await fetch(address)).blob();
    give(new File([blob], "picture", { type: blob.type }));
  } catch {
    say(texts.elsewhere);
  }
}
const holds = (event) => [...(event.dataTransfer?.types ?? [])].some((type) => type === "Files" || type === "text/uri-list");
element.addEventListener("dragover", (event) => {
  if (!holds(event)) return;
  event.preventDefault();
  box.classList.add("over-it");
});
for (const kind of ["dragleave", "drop"]) element.addEventListener(kind, () => box.classList.remove("over-it"));
element.addEventListener("drop", (event) => {
  if (!holds(event)) return;
  event.preventDefault();
  take(event.dataTransfer);
});

Object.assign(shared, { first: shared.first ?? listen() });
// Once for the page: what is pasted goes to the picture in use, and a file that misses it does not replace the page.
function listen() {
  const seen = () => [...shared.pictures].filter((one) => one.isSeen());
  document.addEventListener("paste", (event) => {
    const isTyping = event.target.closest?.("textarea, [contenteditable], input:not([type=range], [type=radio], [type=checkbox], [type=file])");
    const isFile = [...(event.clipboardData?.items ?? [])].some((item) => item.kind === "file" && item.type.startsWith("image/"));
    if (!isFile || (isTyping && event.clipboardData.types.includes("text/plain"))) return;
    const held = seen().find((one) => one.element.contains(document.activeElement) || one.element.matches(":hover"));
    const target = held ?? seen().find((one) => one.element === shared.last) ?? seen()[0];
    if (!target) return;
    event.preventDefault();
    target.take(event.clipboardData);
  });
  for (const kind of ["dragover", "drop"]) {
    document.addEventListener(kind, (event) => {
      if (event.defaultPrevented || ![...(event.dataTransfer?.types ?? [])].includes("Files")) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "none";
    });
  }
  // What Gradio itself says of a question, such as that the connection is lost; then it asks no more, and loads the
  // page again when the connection is back.
  const tell = (isLost) => shared.pictures.forEach((one) => one.fail(isLost));
  const faults = new MutationObserver((changes) => {
    const added = changes.flatMap((change) => (change.type === "childList" ? [...change.addedNodes] : [change.target]));
    const find = (node) => (node.nodeType === 1 ? node : node.parentElement)?.closest(".toast-body.error") ?? node.querySelector?.(".toast-body.error");
    const [fault] = added.map(find).filter(Boolean);
    if (!fault) return;
    shared.isLost ||= fault.textContent.includes("reconnection");
    tell(fault.textContent.includes("Connection"));
  });
  faults.observe(document.body, { childList: true, characterData: true, subtree: true });
  addEventListener("offline", () => tell(true));
  // The picture that one of a gallery takes the place of.
  shared.query = () => seen().find((one) => one.element.closest(".asks"));
  return true;
}

// What shows a picture that the browser cannot; a newer one may be on its way.
function preview(address) {
  settle(address);
  if (!isSending) show(address);
}
shared.names[props.name] = { place: followSliders, preview, choose };
shared.pictures.add({ element, isSeen, take, choose, expect, fail, closeCamera, value: () => props.value });
document.addEventListener("visibilitychange", () => document.hidden && closeCamera());
addEventListener("pagehide", closeCamera);
new ResizeObserver(() => {
  if (!isSeen()) closeCamera();
  fit();
}).observe(frame);
// A picture that the server is asked for is chosen now, and arrives later, with the number that this returns.
function expect() {
  const wasSending = isSending;
  begin();
  if (wasSending) {
    show(held);
    dim(waits.size > 0);
  }
  return (awaited = ++shared.count);
}
watch("value", () => {
  const number = props.value?.number;
  if (isSending || (number && number !== awaited)) {
    props.value = value; // which was chosen later
    return await_([value?.number ?? value?.path ?? null], Boolean(value));
  }
  closeCamera();
  begin();
  value = props.value;
  show(value?.url);
  settle(value?.url);
  await_([number ?? value?.path ?? null], Boolean(value));
});
image.addEventListener("load", () => {
  box.classList.remove("unseen");
  fit();
  place(crop.zoom, crop.x, crop.y);
  if ((isSending || waits.size) && slow()) say(slow(), "note");
});
image.addEventListener("error", () => box.classList.toggle("unseen", image.hasAttribute("src")));
video.addEventListener("resize", fit);
image.alt = props.label;
element.setAttribute("role", "group");
element.setAttribute("aria-label", props.label);
show(props.value?.url);
settle(props.value?.url);
fit();
