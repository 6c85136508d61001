// Tells the newspaper that this page was read: its path and the site that the reader came from, and
// nothing about the reader. No cookie, nothing stored. Only once the page is really shown.
const count = () => {
  let from = "";
  try {
    const site = new URL(document.referrer);
    if (site.host !== location.host) from = site.host;
  } catch {
    // came directly
  }
  navigator.sendBeacon("/a", new Blob([JSON.stringify({ p: location.pathname, r: from })], { type: "application/json" }));
};
if (navigator.sendBeacon) {
  if (document.visibilityState === "visible") count();
  else document.addEventListener("visibilitychange", count, { once: true });
}
