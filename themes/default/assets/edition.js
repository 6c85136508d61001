// Leafing by arrow keys, and no jump of the page when "next" is pressed. Swiping is the browser's
// own scrolling; without scripts the links do.
const sheets = document.getElementById("sheets");
const pages = [...sheets.querySelectorAll(".sheet")];
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const left = () => (getComputedStyle(sheets).direction === "rtl" ? 1 : -1);

const current = () => {
  const edge = sheets.getBoundingClientRect();
  const distance = (page) => Math.abs(page.getBoundingClientRect().left + page.offsetWidth / 2 - edge.left - Math.min(page.offsetWidth / 2, edge.width / 2));
  return pages.reduce((best, page, i) => (distance(page) < distance(pages[best]) - 1 ? i : best), 0);
};

const show = (index) => {
  const page = pages[Math.min(Math.max(index, 0), pages.length - 1)];
  if (!page) return;
  const by = page.getBoundingClientRect().left - sheets.getBoundingClientRect().left;
  sheets.scrollBy({ left: by, behavior: calm.matches ? "auto" : "smooth" });
  history.replaceState(null, "", "#" + page.id);
};

addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.target.closest("input, textarea, select")) return;
  const step = { ArrowLeft: left(), ArrowRight: -left(), PageUp: -1, PageDown: 1 }[event.key];
  if (step === undefined && event.key !== "Home" && event.key !== "End") return;
  if (event.key.startsWith("Page") || event.key === "Home" || event.key === "End") {
    if (!sheets.contains(document.activeElement)) return;
  }
  event.preventDefault();
  show(step !== undefined ? current() + step : event.key === "Home" ? 0 : pages.length - 1);
});

sheets.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#page-"]');
  if (!link) return;
  event.preventDefault();
  show(pages.findIndex((page) => "#" + page.id === link.hash));
});
