// The browser's side of the map: zoom, a picture under the pointer, a click, and the query's way to its place.
const LEAST = 60; // of the map's width, the most that it can be enlarged
let whole = null;
let kind = null;
let box = null;
let place = null;
let dragged = null;

const drawing = () => element.querySelector("svg");

function show() {
  const width = Math.min(whole[2], Math.max(LEAST, box[2]));
  const height = (width * whole[3]) / whole[2];
  const left = Math.min(whole[2] - width, Math.max(0, box[0]));
  const top = Math.min(whole[3] - height, Math.max(0, box[1]));
  box = [left, top, width, height];
  drawing().setAttribute("viewBox", box.join(" "));
}

// x, y: shares of what is shown. Beyond the edges `show` brings it back.
function zoom(factor, x = 0.5, y = 0.5) {
  box = [box[0] + x * box[2] * (1 - factor), box[1] + y * box[3] * (1 - factor), box[2] * factor, box[3] * factor];
  show();
}

function share(event) {
  const edge = drawing().getBoundingClientRect();
  return [(event.clientX - edge.left) / edge.width, (event.clientY - edge.top) / edge.height];
}

// The query's ring flies from where the last one was, the first time from the corner where the picture is.
function fly() {
  const ring = element.querySelector(".query");
  if (!ring) return;
  const next = [Number(ring.dataset.x), Number(ring.dataset.y)];
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const from = place || [0, 0];
  place = next;
  if (still) return;
  const [x, y] = [from[0] - next[0], from[1] - next[1]];
  ring.animate([{ transform: `translate(${x}px, ${y}px)` }, { transform: "none" }], { duration: 700, easing: "ease-in-out" });
}

function begin() {
  if (!drawing()) return;
  const size = drawing().dataset.size.split(" ").map(Number);
  const shown = drawing().dataset.kind;
  if (!whole || shown !== kind || size.join() !== whole.join()) {
    [whole, kind] = [size, shown];
    box = [...size];
    place = null;
  }
  show();
  fly();
}

function peek(event) {
  const point = event.target.closest?.("[data-position]");
  const card = element.querySelector(".peek");
  if (!card) return;
  card.hidden = !point;
  if (!point) return;
  const { column, row, title } = point.dataset;
  const sheet = element.querySelector(".map").dataset;
  const picture = card.querySelector("i");
  picture.style.backgroundImage = `url("${sheet.picture}")`;
  picture.style.backgroundSize = `${sheet.columns * 100}% ${sheet.rows * 100}%`;
  const at = (cell, cells) => (cells > 1 ? (100 * cell) / (cells - 1) : 0);
  picture.style.backgroundPosition = `${at(column, sheet.columns)}% ${at(row, sheet.rows)}%`;
  card.querySelector("span").textContent = title;
  const edge = element.getBoundingClientRect();
  card.style.left = `${Math.min(event.clientX - edge.left + 12, edge.width - 140)}px`;
  card.style.top = `${event.clientY - edge.top + 12}px`;
}

element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-zoom]");
  if (button) return zoom(Number(button.dataset.zoom));
  const point = event.target.closest("[data-position]");
  if (!point || dragged?.moved) return;
  trigger("select", { index: Number(point.dataset.position), value: window.loupe.query()?.expect() });
});
element.addEventListener("wheel", (event) => {
  if (!event.target.closest("svg") || !(event.ctrlKey || event.shiftKey || box[2] < whole[2])) return;
  event.preventDefault();
  zoom(event.deltaY > 0 ? 1.2 : 1 / 1.2, ...share(event));
}, { passive: false });
element.addEventListener("dblclick", (event) => event.target.closest("svg") && zoom(0.5, ...share(event)));
element.addEventListener("pointerdown", (event) => {
  if (event.target.closest("svg")) dragged = { x: event.clientX, y: event.clientY, box: [...box], moved: false };
});
element.addEventListener("pointermove", (event) => {
  peek(event);
  if (!dragged || !event.buttons || box[2] >= whole[2]) return;
  const scale = box[2] / drawing().getBoundingClientRect().width;
  const [x, y] = [event.clientX - dragged.x, event.clientY - dragged.y];
  dragged.moved ||= Math.abs(x) + Math.abs(y) > 6;
  box = [dragged.box[0] - x * scale, dragged.box[1] - y * scale, box[2], box[3]];
  show();
});
element.addEventListener("pointerleave", peek);
watch("value", begin);
begin();
