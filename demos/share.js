// An answer as a picture of 1200x630, drawn here and sent nowhere; and who was right, counted in this browser alone.
const CARD = { width: 1200, height: 630, paper: "#fdfcfa", ink: "#1c1b19", soft: "#5d5952", table: "#f2efe9" };
const TALLY = "loupe.tally";
let tally = {};
try {
  tally = JSON.parse(localStorage.getItem(TALLY)) || {};
} catch { /* the browser keeps nothing, or something else: it is counted for this visit */ }

function shownTab() {
  return [...document.querySelectorAll(".tabitem")].find((tab) => tab.offsetParent) ?? document.body;
}
function isShown(element) {
  return element.offsetParent !== null && (element.naturalWidth ?? element.width) > 0;
}
// The largest picture of the question: what a visitor gave, or drew.
function findQuery(tab) {
  const area = (element) => element.clientWidth * element.clientHeight;
  const all = [...(tab.querySelector(".asks") ?? tab).querySelectorAll("img, canvas")];
  return all.filter((one) => isShown(one) && !one.closest(".examples")).sort((a, b) => area(b) - area(a))[0];
}
function readVerdict(tab) {
  const place = [".verdict", ".answer", ".sentence"].map((name) => tab.querySelector(name)).find(Boolean);
  return place?.innerText.trim() ?? "";
}
function writeLines(pen, text, x, y, size, most, weight = 400) {
  pen.font = `${weight} ${size}px ui-sans-serif, system-ui, sans-serif`;
  const lines = [""];
  for (const word of text.split(/\s+/)) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (pen.measureText(longer).width <= CARD.width - x - 50) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  const shown = lines.slice(0, most);
  if (lines.length > most) shown[most - 1] += " ...";
  shown.forEach((line, number) => pen.fillText(line, x, y + number * size * 1.3, CARD.width - x - 40));
  return y + shown.length * size * 1.3;
}
function drawAnswer(tab, address) {
  const canvas = Object.assign(document.createElement("canvas"), { width: CARD.width, height: CARD.height });
  const pen = canvas.getContext("2d");
  pen.fillStyle = CARD.paper;
  pen.fillRect(0, 0, CARD.width, CARD.height);
  pen.fillStyle = CARD.table;
  pen.fillRect(0, 0, 600, CARD.height);
  const query = findQuery(tab);
  if (query) {
    const [wide, high] = [query.naturalWidth ?? query.width, query.naturalHeight ?? query.height];
    const scale = Math.min(560 / wide, 590 / high);
    const [x, y] = [300 - (wide * scale) / 2, 315 - (high * scale) / 2];
    if (query.tagName === "CANVAS") {
      pen.fillStyle = "#fff";
      pen.fillRect(x, y, wide * scale, high * scale);
    }
    pen.imageSmoothingQuality = "high";
    pen.drawImage(query, x, y, wide * scale, high * scale);
  }
  pen.textBaseline = "top";
  pen.fillStyle = CARD.soft;
  const below = writeLines(pen, tab.querySelector("h2")?.innerText ?? "", 650, 70, 32, 3);
  pen.fillStyle = CARD.ink;
  writeLines(pen, readVerdict(tab), 650, below + 24, 48, 5, 600);
  pen.fillStyle = CARD.soft;
  writeLines(pen, address.replace(/^https?:\/\//, ""), 650, 560, 24, 1);
  return new Promise((give) => canvas.toBlob(give, "image/jpeg", 0.9));
}
async function shareAnswer() {
  const tab = shownTab();
  const place = new URL(location);
  place.searchParams.delete("embed");
  const plain = new URL(place);
  plain.hash = "";
  const file = new File([await drawAnswer(tab, plain.href)], `loupe-${shownDemo().replace(/\W/g, "")}.jpg`, { type: "image/jpeg" });
  if (navigator.canShare?.({ files: [file] })) {
    try {
      await navigator.share({ files: [file], title: document.title, text: `${readVerdict(tab)} ${place.href}` });
      return;
    } catch (error) {
      if (error.name === "AbortError") return;
    }
  }
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(file), download: file.name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

// Counts of a demo: how many answers were judged, and on how many of them each network was right.
function readTally(demo) {
  const kept = tally[demo];
  const isCount = (count) => Number.isSafeInteger(count) && count >= 0;
  return isCount(kept?.judged) && Array.isArray(kept.right) && kept.right.every(isCount) ? kept : { judged: 0, right: [] };
}
function describeTally(demo, names) {
  const { judged, right } = readTally(demo);
  const parts = names.map((name, number) => `${name} ${right[number] ?? 0}`);
  return judged ? `Right by your count, of ${judged}: ${parts.join(", ")}.` : "";
}
function judge(button) {
  const box = button.closest(".judge");
  const [demo, names] = [shownDemo(), JSON.parse(box.dataset.names)];
  const counts = structuredClone(readTally(demo));
  const count = (choice, step) => {
    counts.judged += step;
    JSON.parse(choice.dataset.right).forEach((number) => { counts.right[number] = (counts.right[number] ?? 0) + step; });
  };
  const before = box.querySelector("[aria-pressed=true]");
  if (before) count(before, -1);
  if (before !== button) count(button, 1);
  counts.right = Array.from(names, (_, number) => Math.max(0, counts.right[number] ?? 0));
  box.querySelectorAll("button").forEach((one) => one.setAttribute("aria-pressed", one === button && before !== button));
  tally = { ...tally, [demo]: counts };
  try {
    localStorage.setItem(TALLY, JSON.stringify(tally));
  } catch { /* it is counted for this visit */ }
  box.querySelector("output").textContent = describeTally(demo, names);
}
addEventListener("click", (event) => {
  const button = event.target.closest?.("button");
  if (button?.matches(".share")) shareAnswer();
  else if (button?.matches(".judge button")) judge(button);
});

// An embedded page tells the page around it how high it is.
if (address.has("embed")) {
  let told = 0;
  const sizes = new ResizeObserver(([{ target }]) => {
    const height = Math.ceil(target.getBoundingClientRect().bottom + scrollY);
    if (height !== told) parent.postMessage({ loupeHeight: (told = height) }, "*");
  });
  new MutationObserver((_, observer) => {
    const demos = document.querySelector(".demos");
    if (!demos) return;
    observer.disconnect();
    sizes.observe(demos);
  }).observe(document, { childList: true, subtree: true });
}
