// The browser's side of the sketch pad; sketch.py says what a stroke is and makes the picture of it.
const THICK = 0.06; // of the height
const canvas = element.querySelector("canvas");
const hint = element.querySelector("span");
const [undo, clear] = element.querySelectorAll("button");
const pen = canvas.getContext("2d");
let strokes = props.value || [];
let isExample = true; // until the first stroke, which wipes it
let stroke = null;
let pointer = null;

function paint() {
  const { width, height } = canvas;
  pen.clearRect(0, 0, width, height);
  Object.assign(pen, { lineWidth: THICK * height, lineCap: "round", lineJoin: "round", strokeStyle: "#1c1c1c" });
  for (const points of strokes) {
    const [[x, y], ...rest] = points.map((point) => point.map((place) => (place / 1000) * height));
    pen.beginPath();
    pen.moveTo(x, y);
    pen.lineTo(x + 0.01, y); // a dot is a stroke as well
    rest.forEach((place) => pen.lineTo(...place));
    pen.stroke();
  }
}

function add(event) {
  const box = canvas.getBoundingClientRect();
  const at = (place, most) => Math.round((1000 * Math.min(Math.max(place, 0), most)) / box.height);
  stroke.push([at(event.clientX - box.left, box.width), at(event.clientY - box.top, box.height)]);
}

function change(drawn) {
  strokes = drawn;
  isExample = false;
  hint.style.visibility = "hidden";
  paint();
}

function send() {
  undo.disabled = clear.disabled = !strokes.length;
  props.value = [...strokes];
  trigger("input");
}

canvas.addEventListener("pointerdown", (event) => {
  if (stroke || event.button) return;
  event.preventDefault();
  canvas.setPointerCapture(event.pointerId);
  pointer = event.pointerId;
  stroke = [];
  add(event);
  change([...(isExample ? [] : strokes), stroke]);
});
canvas.addEventListener("pointermove", (event) => {
  if (event.pointerId !== pointer) return;
  const steps = event.getCoalescedEvents?.() ?? [];
  (steps.length ? steps : [event]).forEach(add);
  paint();
});
canvas.addEventListener("lostpointercapture", (event) => {
  if (event.pointerId !== pointer) return;
  stroke = pointer = null;
  send();
});
function takeBack() {
  change(isExample ? [] : strokes.slice(0, -1));
  send();
}

undo.addEventListener("click", takeBack);
clear.addEventListener("click", () => (change([]), send()));
document.addEventListener("keydown", (event) => {
  const isUndo = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "z";
  const isTyping = event.target.closest?.("input:not([type=radio]), textarea, [contenteditable]");
  if (!isUndo || isTyping || stroke || !strokes.length || !canvas.offsetParent) return;
  event.preventDefault();
  takeBack();
});
// Otherwise the browser leaves the page for the file.
element.addEventListener("dragover", (event) => event.preventDefault());
element.addEventListener("drop", (event) => {
  event.preventDefault();
  bring(event.dataTransfer.files[0]);
});
document.addEventListener("paste", (event) => {
  const file = [...(event.clipboardData?.files ?? [])].find((one) => one.type.startsWith("image/"));
  if (file && canvas.offsetParent && !event.defaultPrevented) bring(file);
});
async function bring(file) {
  if (!file) return;
  try {
    const small = await window.loupe.reduce(file, props.longest);
    trigger("upload", { path: (await upload(new File([small], file.name, { type: small.type }))).path });
  } catch {
    trigger("upload", { path: null });
  }
}
new ResizeObserver(() => {
  canvas.width = Math.round(canvas.clientWidth * devicePixelRatio);
  canvas.height = Math.round(canvas.clientHeight * devicePixelRatio);
  paint();
}).observe(canvas);
