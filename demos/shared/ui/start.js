// A tile of the start: it opens its demo, has a lens that follows the pointer, and asks for its answer once in sight.
element.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const tab = document.querySelector(`[role=tab][data-tab-id="${CSS.escape(link.dataset.demo)}"]`);
  if (!tab) return;
  event.preventDefault();
  tab.click();
  tab.focus();
  scrollTo(0, 0);
});
element.addEventListener("pointermove", (event) => {
  const view = event.target.closest("a")?.querySelector(".view");
  if (!view || event.pointerType === "touch") return;
  const box = view.getBoundingClientRect();
  view.style.setProperty("--x", Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)).toFixed(3));
  view.style.setProperty("--y", Math.min(1, Math.max(0, (event.clientY - box.top) / box.height)).toFixed(3));
});
new IntersectionObserver((places, observer) => {
  if (!places.at(-1).isIntersecting) return;
  observer.disconnect();
  const ask = () => {
    if (!element.isConnected || !element.querySelector("[data-asks]")) return;
    trigger("select", null);
    setTimeout(ask, 5000);
  };
  ask();
}).observe(element);
