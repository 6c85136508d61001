#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""How the theme looks, measured in Chromium: every kind of page at 360, 768 and 1600 px, light
and dark, left-to-right and right-to-left. Nothing may stick out sideways, all text must have the
contrast that WCAG 2.2 AA asks for, what a thumb must hit is 44 px (24 px in lists of links on a
desk), pictures keep their room before they load, and the fonts are the theme's own.

usage: test_looks.py PREVIEW SAMPLE ASSETS
Each page is measured in an iframe by a script that stands beside the pages, not in them.
"""
import html, http.server, json, os, re, shutil, subprocess, sys, tempfile, threading

PREVIEW, SAMPLE, ASSETS = sys.argv[1:4]
WIDTHS = (360, 768, 1600)
TYPES = {".css": "text/css", ".woff2": "font/woff2", ".svg": "image/svg+xml", ".png": "image/png"}
SKIPPED_PAGES = re.compile(r"story-(0[2-9]|[12]\d(?<!19))\.html$")  # many stories look alike

MEASURE = r"""
const luminance = c => { const f = v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
  return .2126 * f(c[0]) + .7152 * f(c[1]) + .0722 * f(c[2]); };
const colour = text => { const m = text.match(/[\d.]+/g).map(Number); return m.length === 4 && m[3] === 0 ? null : m; };
const background = (element, view) => { for (let e = element; e; e = e.parentElement) {
  const c = colour(view.getComputedStyle(e).backgroundColor); if (c) return c; } return [255, 255, 255]; };
const name = e => e.tagName.toLowerCase() + (e.className ? "." + String(e.className).trim().replace(/\s+/g, ".") : "") +
  " “" + e.textContent.trim().slice(0, 30) + "”";
function look(frame, width) {
  const view = frame.contentWindow, page = frame.contentDocument, found = [];
  if (page.documentElement.scrollWidth > width)
    found.push("sticks out sideways: " + page.documentElement.scrollWidth + " px");
  for (const e of page.querySelectorAll("main h1, main h2, main h3, main p, main a, main img, header a, footer a")) {
    const box = e.getBoundingClientRect();
    if (box.width > 0 && !e.closest(".sections, .unseen, .table-scroll") && !e.matches(".skip, .unseen") &&
        (box.right > width + 1 || box.left < -1)) found.push("stands outside the page: " + name(e));
  }
  const walker = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT), seen = new Set();
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || seen.has(e) || e.closest("script, .unseen, .skip") || !e.getClientRects().length) continue;
    seen.add(e);
    const style = view.getComputedStyle(e), size = parseFloat(style.fontSize);
    const a = luminance(colour(style.color) || [0, 0, 0]), b = luminance(background(e, view));
    const contrast = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    const large = size >= 24 || (size >= 18.66 && +style.fontWeight >= 700);
    if (contrast < (large ? 3 : 4.5)) found.push("contrast " + contrast.toFixed(2) + ": " + name(e));
    if (size < 12) found.push("type of " + size + " px: " + name(e));
  }
  for (const e of page.querySelectorAll(".sections a, .pager a, .topics a, .share a, .footer nav a, .button, button, input, .label a, .more a, .months a, .calendar a")) {
    const box = e.getBoundingClientRect(), least = width < 768 ? 43.5 : 24;
    if (box.height > 0 && (box.height < least || box.width < 24) && !e.closest(".search--small"))
      found.push("a target of " + Math.round(box.width) + "x" + Math.round(box.height) + " px: " + name(e));
  }
  for (const e of page.querySelectorAll("img"))
    if (!e.getAttribute("width") || !e.getAttribute("height") || !e.hasAttribute("alt"))
      found.push("a picture without width, height or alt: " + e.src);
  const ids = [...page.querySelectorAll("[id]")].map(e => e.id);
  ids.filter((id, i) => ids.indexOf(id) !== i).forEach(id => found.push("id twice: " + id));
  if (page.querySelectorAll("h1").length !== 1) found.push("not one h1");
  for (const family of ["Newsreader", "Libre Franklin"])
    if (!page.fonts.check("16px '" + family + "'", "a")) found.push("font not loaded: " + family);
  return [...new Set(found)];
}
async function all(pages, widths) {
  const results = []; let paper = "";
  for (const path of pages) for (const width of widths) {
    const frame = document.createElement("iframe");
    frame.width = width; frame.height = 900; frame.style.border = 0;
    await new Promise(done => { frame.onload = done; frame.src = path; document.body.append(frame); });
    await frame.contentDocument.fonts.ready;
    for (const found of look(frame, width)) results.push(path + " at " + width + " px: " + found);
    paper = frame.contentWindow.getComputedStyle(frame.contentDocument.documentElement).backgroundColor;
    frame.remove();
  }
  document.body.innerHTML = "<pre id=results></pre>";
  document.getElementById("results").textContent = JSON.stringify({ count: pages.length * widths.length, paper, results });
}
"""


def make_pages(root):
    """What each folder of pages is: (name, language, stories, arguments)."""
    for name, language, count, more in (("en", "en", "64", []), ("ar", "ar", "64", []), ("few", "de", "2", []),
                                        ("none", "en", "0", []), ("plain", "en", "64", ["none"])):
        folder = os.path.join(root, name)
        os.mkdir(folder)
        subprocess.run([PREVIEW, SAMPLE, folder, language, count, *more], check=True, stdout=subprocess.DEVNULL,
                       env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"})  # it ends without tidying up
    pages = []
    for name in sorted(os.listdir(root)):
        for page in sorted(os.listdir(os.path.join(root, name))):
            if page.endswith(".html") and not SKIPPED_PAGES.search(page) and (
                    name in ("en", "ar") or page in ("index.html", "extreme.html", "section.html")):
                pages.append(f"/{name}/{page}")
    return pages


def make_handler(root, pages):
    """Serves the pages, and /measure (dark: /measure-dark, the English ones alone)."""
    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, *arguments):
            pass

        def do_GET(self):
            path = self.path.split("?")[0]
            if path.startswith("/measure"):
                chosen = [page for page in pages if path == "/measure" or page.startswith("/en/")]
                body = (f"<!doctype html><meta charset=utf-8><body><script>{MEASURE}"
                        f"all({json.dumps(chosen)}, {json.dumps(WIDTHS)})</script>").encode()
                return self.answer(200, body, "text/html; charset=utf-8")
            if path.startswith("/assets/"):
                file = os.path.join(ASSETS, *path.split("/")[3:])
            else:
                file = os.path.join(root, *path.split("/")[1:])
            if not os.path.isfile(file):  # pictures: their room is what is measured
                return self.answer(404, b"", "text/plain")
            with open(file, "rb") as stream:
                return self.answer(200, stream.read(), TYPES.get(os.path.splitext(file)[1], "text/html; charset=utf-8"))

        def answer(self, status, body, media_type):
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler


def measure(chromium, address, profile, dark):
    command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
               "--disable-component-update", "--disable-sync", "--no-first-run", f"--user-data-dir={profile}",
               f"--blink-settings=preferredColorScheme={0 if dark else 1}", "--window-size=1700,1000",
               "--virtual-time-budget=600000", "--dump-dom", address + ("/measure-dark" if dark else "/measure")]
    dump = subprocess.run(command, capture_output=True, text=True, timeout=280).stdout
    found = re.search(r'<pre id="results">(.*?)</pre>', dump, re.S)
    if not found:
        sys.exit(f"Chromium gave no result; it said: {dump[:500]}")
    return json.loads(html.unescape(found[1]))


def main():
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("chromium is not installed; apt-get install chromium")
    with tempfile.TemporaryDirectory() as root, tempfile.TemporaryDirectory() as profile:
        pages = make_pages(root)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), make_handler(root, pages))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        problems, papers = [], set()
        for dark in (False, True):
            result = measure(chromium, address, profile, dark)
            papers.add(result["paper"])
            problems += [("dark " if dark else "light ") + line for line in result["results"]]
            print(f"{result['count']} looks, {'dark' if dark else 'light'}: {len(result['results'])} problems")
        server.shutdown()
        if len(papers) != 2:
            problems.append(f"dark and light have one paper: {papers}")
    print("\n".join(problems[:200]))
    sys.exit(1 if problems else 0)


main()
