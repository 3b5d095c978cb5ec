// The browser's side of the picture input; picture.py says what it is, and which files follow this one.
const META = { _type: "gradio.FileData" };
const ENDINGS = /\.(avif|bmp|gif|heic|heif|hif|jfif|jpe?g|png|svg|tiff?|webp)$/i;
const LATER = 700; // milliseconds of an upload after which its progress shows
const shared = (window.loupe ??= { pictures: new Set(), count: 0, names: {} });
const box = element.firstElementChild;
const one = (selector) => element.querySelector(selector);
const [frame, image, video, said, bar, chooser] = [".frame", "img", "video", ".said", "progress", "input[type=file]"].map(one);
const scope = element.closest(".scope, [role=tabpanel]") ?? document.body;
const texts = props.texts;
let turn = 0; // which choice is in force
let request = null; // the upload in work
let waits = new Set(); // keys of the picture whose answer is awaited
let isSending = false;
let held = ""; // the address of what shows the picture in force
let value = props.value; // the picture in force
let awaited = 0; // the number of a choice that the server was asked for

const isSeen = () => element.isConnected && element.getClientRects().length > 0;
const root = () => (window.gradio_config?.root ?? location.origin + location.pathname).replace(/\/$/, "");

// One sentence where the picture is.
function say(sentence, kind = "error") {
  said.textContent = sentence;
  said.className = `said ${sentence ? kind : ""}`;
}
const busy = (sentence) => say(`${sentence} …`, "busy");

// The picture's own size; that of the one with which the page opens is known before it has come.
const size = () => (image.naturalWidth ? [image.naturalWidth, image.naturalHeight] : props.size ?? [0, 0]);

// What a picture's size is on the screen, for what lies over it.
function fit() {
  const isFilming = box.classList.contains("filming");
  const [wide, high] = isFilming ? [video.videoWidth, video.videoHeight] : size();
  const scale = Math.min(1, frame.clientWidth / wide, frame.clientHeight / high);
  const sheet = element.closest(".sheet") ?? box;
  sheet.style.setProperty("--wide", `${wide * scale || 0}px`);
  sheet.style.setProperty("--tall", `${high * scale || 0}px`);
}

function show(source, name = "") {
  box.classList.toggle("filled", Boolean(source));
  box.classList.remove("unseen");
  one(".name").textContent = name || "This picture";
  if (source) image.src = source;
  else image.removeAttribute("src");
  one("[data-do=remove]").hidden = !source;
  place(1, 0.5, 0.5);
}

function settle(source = "") {
  if (held.startsWith("blob:") && held !== source) URL.revokeObjectURL(held);
  held = source;
}

// What belonged to the picture before is dimmed until the answer to this one is there.
const dim = (isStale) => scope.toggleAttribute("data-stale", isStale);
const answers = new MutationObserver(arrive);
function await_(keys, isDimmed) {
  waits = new Set(keys.map(String));
  dim(isDimmed);
  answers.observe(scope, { childList: true, subtree: true, attributeFilter: ["data-pictures"] });
  arrive();
}
function arrive() {
  for (const mark of scope.querySelectorAll(".answers [data-pictures]")) {
    if (!JSON.parse(mark.dataset.pictures).some((key) => waits.has(String(key)))) continue;
    const isOnTheWay = mark.parentElement.querySelector(":scope > .sentence.wait") && !waits.has("null");
    if (isOnTheWay && !live) continue;
    if (live) setTimeout(sendFrame, isOnTheWay ? BUSY_MS : 0);
    waits.clear();
    answers.disconnect();
    dim(isSending);
    if (said.classList.contains("note")) say("");
    return;
  }
}

// No answer comes: what was dimmed is shown again. isLost: whether for want of a connection.
function fail(isLost) {
  const isLive = live;
  if (isLive) stopLive();
  else if (!waits.size) return;
  waits.clear();
  answers.disconnect();
  dim(isSending);
  say(isLive ? FAILED : isLost ? texts.lost : "");
}

function set(given, event = "input", isDimmed = true) {
  const number = ++shared.count;
  props.value = value = given ? { ...given, number } : ""; // as Gradio writes nothing
  await_([given ? number : null], isDimmed);
  if (event) trigger(event);
  if (shared.isLost) fail(true);
}

// A new choice, in place of what is on its way.
function begin() {
  request?.abort();
  isSending = false;
  awaited = 0;
  say("");
  return ++turn;
}

// A file that was chosen, dropped, pasted or photographed: a newer one takes the place of one that is on its way.
async function give(file) {
  closeCamera();
  shared.last = element;
  const isPicture = file.type.startsWith("image/") || ENDINGS.test(file.name) || !(file.type || /\.\w+$/.test(file.name));
  if (!isPicture) return say(texts.unknown);
  const mine = begin();
  isSending = true;
  const source = URL.createObjectURL(file);
  show(source, file.name);
  dim(true);
  try {
    const sent = await reduce(file, props.longest);
    if (mine !== turn) return;
    if (sent.size > props.most) throw texts.large;
    const path = await send(sent, name(sent));
    if (mine !== turn) return;
    isSending = false;
    settle(source);
    set({ path, url: `${root()}/gradio_api/file=${path}`, orig_name: file.name, size: sent.size, meta: META });
  } catch (sentence) {
    if (mine !== turn) return;
    show(held);
    isSending = false;
    dim(waits.size > 0);
    say(typeof sentence === "string" ? sentence : texts.failed);
  }
}

// A picture of the page's own, an example or one of a gallery, which needs no sending.
function choose(given) {
  closeCamera();
  begin();
  shared.last = element;
  const url = given.url ?? `${root()}/gradio_api/file=${given.path}`;
  show(url);
  settle(url);
  set({ meta: META, path: null, ...given, url }, "");
}

// The name that a file travels under: what it is called is nobody's business, and may be what no folder takes.
function name(file) {
  const ending = ENDINGS.exec(file.name ?? "")?.[0] ?? `.${(file.type.split("/")[1] ?? "jpeg").replace("jpeg", "jpg")}`;
  return `picture${/^\.\w+$/.test(ending) ? ending.toLowerCase() : ""}`;
}

function send(file, name) {
  return new Promise((done, fail) => {
    const form = new FormData();
    form.append("files", file, name);
    request = new XMLHttpRequest();
    const began = performance.now();
    request.upload.onprogress = ({ loaded, total }) => {
      bar.hidden = performance.now() - began < LATER && loaded < total;
      bar.hidden ||= loaded >= total;
      bar.value = loaded / total;
    };
    request.onload = ({ target }) => {
      if (target.status === 200) return done(JSON.parse(target.responseText)[0]);
      fail(target.status === 413 ? texts.large : texts.failed);
    };
    request.onerror = () => fail(texts.failed);
    request.onloadend = () => (bar.hidden = true);
    request.open("POST", `${root()}/gradio_api/upload`);
    request.send(form);
  });
}

// How long a large picture takes, where that is worth a word.
function slow() {
  const seconds = Math.round((props.seconds * image.naturalWidth * image.naturalHeight) / 1e6);
  return seconds > 5 ? texts.slow.replace("{}", seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} minutes`) : "";
}

function remove() {
  closeCamera();
  begin();
  show("");
  settle();
  if (props.value) set(null, "clear", false);
  one("[data-do=file]").focus({ preventScroll: true });
}

