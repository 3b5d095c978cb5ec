// Which demo the address names, and the tabs beside it: an opened tab stands in the address, and Back goes to the one before.
const START = "/";
const address = new URLSearchParams(location.search);
window.wanted = address.get("demo");
if (address.has("embed")) document.documentElement.classList.add("embed");

function findTab(name) {
  return document.querySelector(`[role=tab][data-tab-id="${CSS.escape(name)}"]`);
}
function shownDemo() {
  const name = new URLSearchParams(location.search).get("demo");
  return name && findTab(name) ? name : START;
}
window.followTab = (name, title) => {
  document.title = title;
  const icon = document.querySelector("link[rel=icon]");
  if (icon) icon.href = `./icon.png${name === START ? "" : `?demo=${encodeURIComponent(name)}`}`;
  if (shownDemo() === name) return;
  const place = new URL(location);
  place.hash = "";
  if (name === START) place.searchParams.delete("demo");
  else place.searchParams.set("demo", name);
  // Before anybody has touched the page, there is nothing to go back to.
  history[navigator.userActivation?.hasBeenActive === false ? "replaceState" : "pushState"](null, "", place);
};
addEventListener("popstate", () => findTab(shownDemo())?.click());
addEventListener("click", (event) => {
  const tab = event.target.closest?.(".page-header a") && findTab(START);
  if (!tab || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  tab.click();
});
// Arrow keys, Home and End go from tab to tab; Enter opens one.
addEventListener("keydown", (event) => {
  const list = event.target.closest?.("[role=tab]")?.closest("[role=tablist]");
  const step = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
  if (!list || !step || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  const tabs = [...list.querySelectorAll("[role=tab]")];
  const place = tabs.indexOf(event.target.closest("[role=tab]")) + step;
  (Number.isFinite(place) ? tabs.at(place % tabs.length) : tabs.at(step < 0 ? 0 : -1)).focus();
});
// Gradio gives its empty pictures a name, but no role that could have one.
new MutationObserver(() => {
  for (const empty of document.querySelectorAll(".empty[aria-label]:not([role])")) empty.setAttribute("role", "img");
}).observe(document, { childList: true, subtree: true });
