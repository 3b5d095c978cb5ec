// The loupe: a square window of the picture that one drags, pinches and turns the wheel over. It moves the sliders.
const CALM = 400; // milliseconds after the page has scrolled in which the wheel goes on scrolling it
const over = one(".over");
const lens = one(".lens");
const fingers = new Map();
let crop = { zoom: 1, x: 0.5, y: 0.5 };
let grip = null; // how the lens was when the fingers came down
let scrolledAt = 0;

function place(zoom, x, y) {
  crop = { zoom, x, y };
  const [width, height] = size();
  const side = Math.min(width, height) / zoom;
  const box = zoom > 1 ? [(width - side) * x, (height - side) * y, side, side] : [0, 0, width, height];
  const shares = [box[0] / width, box[1] / height, box[2] / width, box[3] / height];
  ["left", "top", "width", "height"].forEach((name, at) => (lens.style[name] = `${100 * shares[at]}%`));
  over.classList.toggle("whole", zoom <= 1);
}

// Around a point, in shares of the picture.
function look(zoom, across, down) {
  zoom = Math.min(6, Math.max(1, zoom));
  const [width, height] = size();
  const side = Math.min(width, height) / zoom;
  const share = (at, room) => (room > 0 ? Math.min(1, Math.max(0, (at - side / 2) / room)) : 0.5);
  place(zoom, share(across * width, width - side), share(down * height, height - side));
  if (zoom <= 1) place(1, 0.5, 0.5);
  shared.crop = [+crop.zoom.toFixed(1), +crop.x.toFixed(2), +crop.y.toFixed(2)];
  trigger("select");
}

const middle = () => {
  const points = [...fingers.values()];
  return [0, 1].map((axis) => points.reduce((sum, point) => sum + point[axis], 0) / points.length);
};
const spread = () => {
  const [a, b] = [...fingers.values()];
  return b ? Math.hypot(a[0] - b[0], a[1] - b[1]) : 0;
};

function at(event) {
  const box = over.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}

function centre() {
  const [, , wide, high] = ["left", "top", "width", "height"].map((name) => parseFloat(lens.style[name]) / 100);
  return [parseFloat(lens.style.left) / 100 + wide / 2, parseFloat(lens.style.top) / 100 + high / 2];
}

function hold() {
  grip = { from: middle(), spread: spread(), zoom: crop.zoom, centre: centre(), moved: grip?.moved ?? false };
}

function follow() {
  const { width, height } = over.getBoundingClientRect();
  const [x, y] = middle();
  const zoom = grip.spread ? (grip.zoom * spread()) / grip.spread : grip.zoom;
  if (!grip.moved && Math.hypot(x - grip.from[0], y - grip.from[1]) < 4 && !grip.spread) return;
  if (!grip.moved && !grip.spread && grip.zoom <= 1) {
    grip = { ...grip, zoom: 2, centre: [grip.from[0] / width, grip.from[1] / height] };
  }
  grip.moved = true;
  const [across, down] = grip.centre;
  look(grip.spread ? zoom : grip.zoom, across + (x - grip.from[0]) / width, down + (y - grip.from[1]) / height);
}

// What the sliders say, unless a finger says otherwise; they are rounded.
function followSliders(zoom, x, y) {
  const isOther = Math.abs(zoom - crop.zoom) > 0.051 || Math.abs(x - crop.x) > 0.0051 || Math.abs(y - crop.y) > 0.0051;
  if (!fingers.size && isOther) place(zoom, x, y);
}

// What a network looked at lies over the picture, at once or at a toggle, while it belongs to it.
function layMap() {
  const [map, toggle] = [scope.querySelector(".saw [data-over]"), one("[data-do=map]")];
  const layer = one(".layer");
  toggle.hidden = !map || "shown" in map.dataset;
  layer.hidden = !map || (toggle.hidden ? false : toggle.ariaPressed !== "true") || scope.hasAttribute("data-stale");
  if (layer.hidden) return;
  const shares = map.dataset.over.split(" ");
  ["left", "top", "width", "height"].forEach((name, at) => (layer.style[name] = `${100 * shares[at]}%`));
  if (layer.src !== map.src) layer.src = map.src;
}

function toggleMap() {
  const toggle = one("[data-do=map]");
  toggle.ariaPressed = String(toggle.ariaPressed !== "true");
  layMap();
}

if (props.crops) {
  new MutationObserver(layMap).observe(scope, { childList: true, subtree: true, attributeFilter: ["src", "data-over", "data-stale"] });
  box.classList.add("crops");
  over.title = texts.closer;
  over.addEventListener("pointerdown", (event) => {
    if (event.button || event.target.closest("button")) return;
    over.setPointerCapture(event.pointerId);
    if (!fingers.size) grip = null;
    fingers.set(event.pointerId, at(event));
    hold();
  });
  over.addEventListener("pointermove", (event) => {
    if (!fingers.has(event.pointerId)) return;
    fingers.set(event.pointerId, at(event));
    follow();
  });
  over.addEventListener("lostpointercapture", (event) => {
    if (!fingers.delete(event.pointerId)) return;
    if (fingers.size) hold();
  });
  over.addEventListener("click", (event) => {
    if (grip?.moved) return;
    const { width, height } = over.getBoundingClientRect();
    const [x, y] = at(event);
    look(Math.max(crop.zoom, 2), x / width, y / height);
  });
  over.addEventListener("dblclick", () => look(1, 0.5, 0.5));
  addEventListener("scroll", () => (scrolledAt = performance.now()), { passive: true, capture: true });
  over.addEventListener("wheel", (event) => {
    const zoom = crop.zoom * Math.exp(-Math.sign(event.deltaY) * Math.min(0.25, Math.abs(event.deltaY) / 300));
    const isEnd = event.deltaY > 0 ? crop.zoom <= 1 : crop.zoom >= 6;
    if (isEnd || (!event.ctrlKey && performance.now() - scrolledAt < CALM)) return;
    event.preventDefault();
    const { width, height } = over.getBoundingClientRect();
    const [x, y] = at(event);
    look(zoom < 1.05 ? 1 : zoom, ...(crop.zoom > 1 ? centre() : [x / width, y / height]));
  }, { passive: false });
}
