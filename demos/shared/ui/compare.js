// The browser's side of before and after; compare.py draws what it moves.
const STEP = 40; // pixels that an arrow key moves the picture; it moves the divider by 2 %
const SLACK = 6; // pixels from which a press is a drag
const view = element.querySelector(".content");
const divider = view.querySelector(".divider");
const overview = view.querySelector(".overview");
const [before, after] = view.querySelectorAll(".badge");
const hold = element.querySelector(".hold");
const send = element.querySelector(".send");
const full = element.querySelector(".full");
const sizes = [...element.querySelectorAll("[data-zoom]")];
let pictures = [];
let zoom = 0; // 0 is the whole picture
let center = [0.5, 0.5]; // of what is shown, as shares of the picture
let share = 0.5; // of the view's width that shows before
let drag = null;
let asked = 0;
let isKeyHeld = false;

const natural = () => [pictures[0].naturalWidth, pictures[0].naturalHeight];
const room = () => [view.clientWidth, view.clientHeight];
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

// The size at which the picture is drawn, and its left and top in the view.
function place() {
  const [size, space] = [natural(), room()];
  const scale = zoom || Math.min(...size.map((length, k) => space[k] / length));
  const drawn = size.map((length) => length * scale);
  center = center.map((at, k) => {
    const half = space[k] / drawn[k] / 2;
    return half >= 0.5 ? 0.5 : clamp(at, half, 1 - half);
  });
  return [drawn, drawn.map((length, k) => Math.round(space[k] / 2 - center[k] * length))];
}

function paint() {
  const isBefore = hold.getAttribute("aria-pressed") === "true";
  divider.hidden = before.hidden = after.hidden = !pictures.length;
  overview.hidden = true;
  if (!pictures.length || !view.clientWidth) return;
  const [[width, height], [left, top]] = place();
  const [across, down] = room();
  const at = isBefore ? across : share * across;
  for (const picture of pictures) {
    Object.assign(picture.style, { width: `${width}px`, height: `${height}px`, left: `${left}px`, top: `${top}px` });
    picture.style.imageRendering = zoom > 1 ? "pixelated" : "auto";
  }
  pictures[1].style.clipPath = `inset(0 0 0 ${clamp(at - left, 0, width)}px)`;
  divider.style.left = `${at}px`;
  divider.hidden = isBefore;
  before.hidden = !isBefore && share < 0.15;
  after.hidden = isBefore || share > 0.85;
  divider.setAttribute("aria-valuenow", Math.round(100 * share));
  const isMovable = width > across + 1 || height > down + 1;
  view.classList.toggle("movable", isMovable);
  overview.hidden = !isMovable;
  if (!isMovable) return;
  const side = 84 / Math.max(width, height);
  const shown = [Math.min(across, width), Math.min(down, height)];
  Object.assign(overview.style, { width: `${width * side}px`, height: `${height * side}px` });
  Object.assign(overview.firstChild.style, {
    left: `${Math.max(0, -left) * side}px`, top: `${Math.max(0, -top) * side}px`,
    width: `${shown[0] * side}px`, height: `${shown[1] * side}px`,
  });
}

function move(x, y) {
  const [drawn] = place();
  center = [center[0] + x / drawn[0], center[1] + y / drawn[1]];
  paint();
}

function divide(value) {
  share = clamp(value, 0, 1);
  paint();
}

function enlarge(value, at = center) {
  zoom = value;
  center = at;
  sizes.forEach((button) => button.setAttribute("aria-pressed", Number(button.dataset.zoom) === zoom));
  paint();
}

function see(isBefore, byKey = false) {
  isKeyHeld = isBefore && byKey;
  hold.setAttribute("aria-pressed", isBefore);
  paint();
}

// The pictures that stand here go when the new ones can be drawn.
async function show() {
  const number = ++asked;
  const files = props.value || [];
  const next = files.map(({ url, path }, k) => {
    const picture = new Image();
    picture.alt = k ? "After" : "Before";
    picture.draggable = false;
    picture.src = url || `gradio_api/file=${path}`;
    return picture;
  });
  await Promise.allSettled(next.map((picture) => picture.decode()));
  if (number !== asked) return;
  const size = pictures.length && natural().join();
  pictures.forEach((picture) => picture.remove());
  pictures = next;
  view.prepend(...pictures);
  if (!pictures.length) return paint();
  overview.style.backgroundImage = `url("${pictures[1].src}")`;
  if (size && size !== natural().join()) enlarge(0, [0.5, 0.5]);
  paint();
}

function locate(event) {
  const edge = view.getBoundingClientRect();
  return [event.clientX - edge.left, event.clientY - edge.top];
}

function follow(event) {
  const [x, y] = locate(event);
  // A finger that goes up or down scrolls the page.
  const [across, down] = [Math.abs(x - drag.x), Math.abs(y - drag.y)];
  if (!drag.isBegun && across < SLACK && (drag.isTouch || down < SLACK)) return;
  drag.isBegun = true;
  if (drag.kind === "divide") divide(x / view.clientWidth);
  if (drag.kind === "move") {
    move(drag.x - x, drag.y - y);
    [drag.x, drag.y] = [x, y];
  }
  if (drag.kind === "look") {
    const edge = overview.getBoundingClientRect();
    center = [(event.clientX - edge.left) / edge.width, (event.clientY - edge.top) / edge.height];
    paint();
  }
}

view.addEventListener("pointerdown", (event) => {
  if (event.button || drag || !pictures.length || full.contains(event.target)) return;
  const [x, y] = locate(event);
  const isLook = overview.contains(event.target);
  const isDivide = divider.contains(event.target) || !view.classList.contains("movable");
  const kind = isLook ? "look" : isDivide ? "divide" : "move";
  drag = { id: event.pointerId, kind, x, y, isTouch: event.pointerType === "touch", isBegun: isLook };
  view.setPointerCapture(event.pointerId);
  if (isLook) follow(event);
});
view.addEventListener("pointermove", (event) => drag?.id === event.pointerId && follow(event));
view.addEventListener("pointerup", (event) => {
  if (drag?.id === event.pointerId && drag.kind === "divide" && !drag.isBegun && !divider.contains(event.target)) {
    divide(locate(event)[0] / view.clientWidth);
  }
});
for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
  view.addEventListener(end, (event) => {
    if (drag?.id === event.pointerId) drag = null;
  });
}
view.addEventListener("dblclick", (event) => {
  if (!pictures.length || divider.contains(event.target) || overview.contains(event.target)) return;
  const [drawn, corner] = place();
  enlarge(zoom ? 0 : 1, locate(event).map((at, k) => (at - corner[k]) / drawn[k]));
});

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
view.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !pictures.length) return;
  if (event.key.toLowerCase() === "b") return see(true, true);
  const [x, y] = ARROWS[event.key] || [];
  const isMovable = view.classList.contains("movable") && event.target === view;
  if (x === undefined || (!isMovable && event.target === view && y)) return;
  event.preventDefault();
  const step = STEP * (event.shiftKey ? 5 : 1);
  if (isMovable) move(x * step, y * step);
  else divide(share + (x - y) * (step / 2000));
});
element.addEventListener("keyup", (event) => event.key.toLowerCase() === "b" && see(false));
element.addEventListener("focusout", () => isKeyHeld && see(false));

hold.addEventListener("pointerdown", (event) => event.button || (hold.setPointerCapture(event.pointerId), see(true)));
hold.addEventListener("lostpointercapture", () => see(false));
hold.addEventListener("contextmenu", (event) => event.preventDefault());
hold.addEventListener("keydown", (event) => {
  if (event.key !== " " && event.key !== "Enter" && event.key.toLowerCase() !== "b") return;
  event.preventDefault();
  see(true, true);
});
hold.addEventListener("keyup", () => see(false));

sizes.forEach((button) => button.addEventListener("click", () => enlarge(Number(button.dataset.zoom))));
full.hidden = !document.fullscreenEnabled;
full.addEventListener("click", () => (document.fullscreenElement ? document.exitFullscreen() : element.requestFullscreen()));
element.addEventListener("fullscreenchange", () => {
  full.setAttribute("aria-label", document.fullscreenElement === element ? "Leave full screen" : "Full screen");
});
// The picture after, for the apps of a phone.
async function sendAfter() {
  const answer = await fetch(pictures[1].src);
  if (!answer.ok) return; // the page has let it go
  const blob = await answer.blob();
  const file = new File([blob], `picture.${blob.type.split("/")[1]}`, { type: blob.type });
  try {
    await navigator.share({ files: [file] });
  } catch { /* the visitor has thought better of it */ }
}
const probe = new File([""], "picture.png", { type: "image/png" });
send.hidden = !navigator.canShare?.({ files: [probe] });
send.addEventListener("click", () => pictures.length && sendAfter());
new ResizeObserver(paint).observe(view);
watch("value", show);
show();
