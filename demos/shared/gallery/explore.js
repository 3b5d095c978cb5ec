// The browser's side of the map: a lens for pointer, finger and keys, and the query's flight to its place.
const LENS = 136; // pixels across
const TILE = 56; // pixels of a picture beneath the lens
const map = element.querySelector(".map");
const lens = map.querySelector(".lens");
const none = element.querySelector(".none");
const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
let value = {};
let at = [0.5, 0.5]; // what is beneath the lens, as shares of the map
let finger = null;

function look() {
  const { columns, rows, large } = value;
  if (!lens.style.backgroundImage) lens.style.backgroundImage = `url("${large.url}")`;
  const size = [columns * TILE, rows * TILE];
  lens.style.backgroundSize = size.map((length) => `${length}px`).join(" ");
  lens.style.backgroundPosition = size.map((length, k) => `${LENS / 2 - at[k] * length}px`).join(" ");
  lens.style.left = `${100 * at[0]}%`;
  lens.style.top = `${100 * at[1]}%`;
  lens.classList.toggle("above", finger !== null); // where the finger does not cover it
  lens.hidden = false;
}

function point(event) {
  const edge = map.getBoundingClientRect();
  at = [(event.clientX - edge.left) / edge.width, (event.clientY - edge.top) / edge.height];
  at = at.map((share) => Math.min(Math.max(share, 0), 0.9999));
  look();
}

// What is chosen stands beneath the map, and is brought in sight when it comes.
function choose() {
  const chosen = element.closest(".as-map")?.querySelector("[id$=-chosen]");
  new MutationObserver((changes, observer) => {
    observer.disconnect();
    chosen.scrollIntoView({ block: "nearest", behavior: calm() ? "auto" : "smooth" });
  }).observe(chosen, { childList: true, subtree: true });
  trigger("select", { index: at.map((share) => Math.round(1000 * share)), value: null });
}

function mark(kind, place, tag = "i") {
  const mark = document.createElement(tag);
  mark.className = kind;
  mark.style.left = `${100 * place[0]}%`;
  mark.style.top = `${100 * place[1]}%`;
  map.append(mark);
  return mark;
}

// From the picture that was given, which the flight leaves as it is.
function fly(query) {
  const from = element.closest(".loupe")?.querySelector(".asks img, .asks canvas")?.getBoundingClientRect();
  const to = query.getBoundingClientRect();
  if (!from?.width || !to.width || calm()) return;
  const [x, y] = [from.left + from.width / 2 - to.left - to.width / 2, from.top + from.height / 2 - to.top - to.height / 2];
  const scale = Math.min(from.width, from.height) / to.width;
  query.animate(
    [
      { transform: `translate(${x}px, ${y}px) scale(${scale})`, opacity: 0.2, borderRadius: "4px", borderWidth: 0, boxShadow: "none" },
      { transform: `translate(${x / 2}px, ${y / 2 - 40}px) scale(${(1 + scale) / 2.5})`, opacity: 1, borderWidth: 0, boxShadow: "none", offset: 0.5 },
      { transform: "none" },
    ],
    { duration: 900, easing: "ease-in-out" },
  );
}

function show() {
  const { text, sheet, columns, rows, place, query, found } = props.value || {};
  const isMoved = query !== value.query;
  none.textContent = text || "";
  if (text) map.hidden = true;
  map.querySelectorAll(".query, .found").forEach((mark) => mark.remove());
  if (!sheet) return (value = { ...value, query: null });
  value = props.value;
  map.hidden = false;
  map.style.aspectRatio = `${columns} / ${rows}`;
  map.style.backgroundImage = `url("${sheet.url}")`;
  lens.style.backgroundImage = "";
  lens.hidden = true;
  if (!query) return;
  for (const one of found) Object.assign(mark("found", one).style, { width: `${100 / columns}%`, height: `${100 / rows}%` });
  const picture = mark("query", place, "img");
  Object.assign(picture, { src: query, alt: "Your picture, at its place" });
  if (isMoved) fly(picture);
}

map.addEventListener("pointerdown", (event) => {
  if (event.pointerType === "mouse") return;
  finger = event.pointerId;
  point(event);
});
map.addEventListener("pointermove", (event) => {
  if (event.pointerType === "mouse" || event.pointerId === finger) point(event);
});
map.addEventListener("pointercancel", () => ((finger = null), (lens.hidden = true)));
map.addEventListener("pointerup", (event) => {
  if (event.pointerId !== finger) return;
  point(event);
  finger = null;
});
map.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && (lens.hidden = true));
map.addEventListener("blur", () => (lens.hidden = true));
map.addEventListener("click", (event) => {
  if (event.detail) point(event);
  choose();
});
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
map.addEventListener("keydown", (event) => {
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    return choose();
  }
  const step = ARROWS[event.key];
  if (!step || !value.columns || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  const cells = [value.columns, value.rows];
  at = at.map((share, k) => (Math.min(Math.max(Math.floor(share * cells[k]) + step[k], 0), cells[k] - 1) + 0.5) / cells[k]);
  look();
});
watch("value", show);
show();
