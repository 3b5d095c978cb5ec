// The browser's side of the sketch pad; sketch.py says what a stroke is and makes the picture of it.
const THICK = 0.06; // of the height
const LIVE_MS = 120; // between two drawings that are sent while a stroke is drawn
const canvas = element.querySelector("canvas");
const hint = element.querySelector("span");
const [undo, clear] = element.querySelectorAll("button");
const pen = canvas.getContext("2d");
const HASH = "#draw="; // what a link to a drawing carries
const POINTS = 1500; // that a link carries at most
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
let strokes = props.value || [];
let isExample = true; // until the first stroke, which wipes it
let stroke = null;
let pointer = null;
let soon = null;

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

// A point is four letters, two for each place: thousandths of the height are less than 64 times 64.
function writeLink() {
  const letters = (place) => DIGITS[place >> 6] + DIGITS[place & 63];
  const thinned = strokes.map(thin);
  const isShort = thinned.flat().length <= POINTS;
  const text = isShort ? thinned.map((points) => points.flat().map(letters).join("")).join(".") : "";
  const place = new URL(location);
  place.hash = text ? HASH + text : "";
  history.replaceState(history.state, "", place);
}

// A stroke without the points that lie within two thousandths of the line through their neighbours that stay.
function thin(points) {
  if (points.length < 3) return points;
  const [first, last] = [points[0], points.at(-1)];
  const [across, down] = [last[0] - first[0], last[1] - first[1]];
  const long = Math.hypot(across, down);
  const far = points.map(([x, y]) =>
    long ? Math.abs(across * (y - first[1]) - down * (x - first[0])) / long : Math.hypot(x - first[0], y - first[1]));
  const at = far.indexOf(Math.max(...far));
  return far[at] < 2 ? [first, last] : [...thin(points.slice(0, at + 1)), ...thin(points.slice(at)).slice(1)];
}

// The strokes that the address carries; null where it carries none, or something else.
function readLink() {
  const text = location.hash.startsWith(HASH) ? location.hash.slice(HASH.length) : "";
  if (text.length > 6 * POINTS || !/^([\w-]{4})+(\.([\w-]{4})+)*$/.test(text)) return null;
  const most = [1500, 1000];
  return text.split(".").map((stroke) => stroke.match(/.{4}/g).map((point) => [0, 2].map((start, number) => {
    const [high, low] = [...point.slice(start, start + 2)].map((letter) => DIGITS.indexOf(letter));
    return Math.min(64 * high + low, most[number]);
  })));
}

function openLink() {
  const drawn = readLink();
  if (!drawn) return;
  change(drawn);
  send();
}

function send() {
  const hadFocus = [undo, clear].includes(document.activeElement);
  undo.disabled = clear.disabled = !strokes.length;
  if (hadFocus && !strokes.length) canvas.focus({ preventScroll: true });
  props.value = [...strokes];
  writeLink();
  trigger("input");
}

// Whoever looks inside sees it while the stroke is drawn.
function sendSoon() {
  if (soon || !document.getElementById("digits-inside")?.offsetParent) return;
  soon = setTimeout(() => {
    soon = null;
    if (stroke) send();
  }, LIVE_MS);
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
  sendSoon();
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
  bring(event.dataTransfer);
});
document.addEventListener("paste", (event) => {
  const file = [...(event.clipboardData?.files ?? [])].find((one) => one.type.startsWith("image/"));
  if (file && canvas.offsetParent && !event.defaultPrevented) bring(event.clipboardData);
});
// A picture is the business of the input that stands in the pad's place then.
function bring(data) {
  if (!data.types.includes("Files") && !data.types.includes("text/uri-list")) return;
  [...window.loupe.pictures].find((one) => element.closest(".sheet").contains(one.element)).take(data);
  trigger("upload");
}
new ResizeObserver(() => {
  canvas.width = Math.round(canvas.clientWidth * devicePixelRatio);
  canvas.height = Math.round(canvas.clientHeight * devicePixelRatio);
  paint();
}).observe(canvas);
addEventListener("hashchange", openLink);
openLink();
