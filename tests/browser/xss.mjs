// SPDX-License-Identifier: Apache-2.0
//
// More than a hundred payloads through every field that is shown anywhere - page, newsroom, mail, feed,
// JSON-LD - with the content security policy switched off in Chromium: none may run. A payload that
// runs calls alert() or sets window.hit; both are watched in every frame.
//
// usage: xss.mjs BROADSHEET NODE_MODULES PICTURE
import { spawn, spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

const [binary, modules, picture] = process.argv.slice(2).map((one) => path.resolve(one));
const { chromium } = createRequire(path.join(modules, "x.js"))("playwright-core");
const work = fs.mkdtempSync(path.join(os.tmpdir(), "newsroom-xss-"));
const paper = path.join(work, "paper");
const PASSWORD = "four quiet herons on the quay";

// ---- payloads -------------------------------------------------------------------------------------------
const CALL = "alert(1)";
const TAGS = [
  `<script>${CALL}</script>`, `<ScRiPt>${CALL}</sCrIpT>`, `<script src=data:,${CALL}></script>`, `<script\x0c>${CALL}</script>`, `<script/x>${CALL}</script>`,
  `<img src=x onerror=${CALL}>`, `<img src=x onerror="${CALL}"`, `<img/src/onerror=${CALL}>`, `<IMG SRC=x OnErRoR=${CALL}>`, `<img src="x" onload=${CALL} onerror=${CALL}>`,
  `<svg onload=${CALL}>`, `<svg/onload=${CALL}>`, `<svg><script>${CALL}</script></svg>`, `<svg><animate onbegin=${CALL} attributeName=x dur=1s>`, `<svg><a xlink:href="javascript:${CALL}"><text x=20 y=20>x</text></a></svg>`,
  `<svg><use href="data:image/svg+xml;base64,PHN2ZyBpZD0neCcgeG1sbnM9J2h0dHA6Ly93d3cudzMub3JnLzIwMDAvc3ZnJz48c2NyaXB0PmFsZXJ0KDEpPC9zY3JpcHQ+PC9zdmc+#x">`,
  `<body onload=${CALL}>`, `<iframe src=javascript:${CALL}>`, `<iframe srcdoc="<script>parent.${CALL}</script>">`, `<object data=javascript:${CALL}>`, `<embed src=javascript:${CALL}>`,
  `<video><source onerror=${CALL}>`, `<video src=x onerror=${CALL}>`, `<audio src=x onerror=${CALL}>`, `<details open ontoggle=${CALL}>`, `<marquee onstart=${CALL}>`,
  `<input autofocus onfocus=${CALL}>`, `<select autofocus onfocus=${CALL}>`, `<textarea autofocus onfocus=${CALL}>`, `<keygen autofocus onfocus=${CALL}>`, `<button autofocus onfocus=${CALL}>x</button>`,
  `<style>@import 'javascript:${CALL}';</style>`, `<style onload=${CALL}></style>`, `<link rel=stylesheet href=javascript:${CALL}>`, `<meta http-equiv=refresh content="0;url=javascript:${CALL}">`, `<base href=javascript:${CALL}//>`,
  `<form action=javascript:${CALL}><input type=submit autofocus>`, `<isindex action=javascript:${CALL}>`, `<math><mi xlink:href="javascript:${CALL}">x</mi></math>`, `<template><script>${CALL}</script></template>`, `<noscript><p title="</noscript><img src=x onerror=${CALL}>">`,
  `<x onclick=${CALL} contenteditable autofocus onfocus=${CALL} tabindex=1>`, `<div onpointerover=${CALL} style="position:fixed;inset:0">x</div>`, `<a href="javascript:${CALL}" autofocus onfocus=${CALL}>x</a>`, `<dialog open onclose=${CALL}><form method=dialog><button autofocus>x</button></form></dialog>`,
];
const BREAKS = [
  `"><img src=x onerror=${CALL}>`, `'><img src=x onerror=${CALL}>`, `\`><img src=x onerror=${CALL}>`, `" onmouseover=${CALL} x="`, `' onfocus=${CALL} autofocus x='`, `" autofocus onfocus=${CALL} "`, `x" style="position:fixed;inset:0" onpointerover="${CALL}`,
  `--><img src=x onerror=${CALL}><!--`, `]]><img src=x onerror=${CALL}>`, `]]><script>${CALL}</script><![CDATA[`, `</title><img src=x onerror=${CALL}>`, `</textarea><img src=x onerror=${CALL}>`, `</style><img src=x onerror=${CALL}>`, `</script><script>${CALL}</script>`, `</script><img src=x onerror=${CALL}>`, `<!--</script><script>${CALL}</script>-->`, `<!--<script>${CALL}`,
  `</noscript><img src=x onerror=${CALL}>`, `</xmp><img src=x onerror=${CALL}>`, `</iframe><img src=x onerror=${CALL}>`, `</option></select><img src=x onerror=${CALL}>`, `</option><script>${CALL}</script>`, `\u2028${CALL}\u2029`, `";${CALL}//`, `';${CALL}//`, `\\";${CALL}//`, `\${${CALL}}`, `{{constructor.constructor('${CALL}')()}}`, `{{{<img src=x onerror=${CALL}>}}}`, `{{&x}}<img src=x onerror=${CALL}>`, `{{=<% %>=}}<script>${CALL}</script>`, `%3Cscript%3E${CALL}%3C/script%3E`, `&lt;script&gt;${CALL}&lt;/script&gt;`, `&#60;img src=x onerror=${CALL}&#62;`, `&amp;lt;img src=x onerror=${CALL}&amp;gt;`, `\\x3cscript\\x3e${CALL}\\x3c/script\\x3e`, `\u003cimg src=x onerror=${CALL}\u003e`, `+ADw-script+AD4-${CALL}+ADw-/script+AD4-`, `\uff1cscript\uff1e${CALL}\uff1c/script\uff1e`, `<\u0000img src=x onerror=${CALL}>`.replace("\u0000", ""),
];
const URLS = [
  `javascript:${CALL}`, `JaVaScRiPt:${CALL}`, ` javascript:${CALL}`, `java\tscript:${CALL}`, `java\nscript:${CALL}`, `\u0001javascript:${CALL}`, `javascript://example.org/%0a${CALL}`, `javascript&colon;${CALL}`, `&#106;avascript:${CALL}`, `data:text/html,<script>${CALL}</script>`, `data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==`, `vbscript:${CALL}`, `//javascript:${CALL}`, `blob:${CALL}`, `view-source:javascript:${CALL}`, `feed:javascript:${CALL}`, `https://x.example/"onmouseover=${CALL} x="`, `https://x.example/'onmouseover=${CALL}`, `mailto:x@example.org"><img src=x onerror=${CALL}>`,
];
const MARKDOWN = URLS.flatMap((url) => [`[click](${url})`, `[click](<${url.replace(/[\n<>]/g, "")}>)`, `![x](${url})`, `<${url.replace(/[\s<>]/g, "")}>`, `::: card ${url.replace(/\s/g, "")}\nHead\n:::`]).concat([
  `[a]: javascript:${CALL}\n\n[click][a]`, `[click](https://x.example "\\"onmouseover=${CALL} x=\\"")`, `![x](https://x.example/a.jpg "\\" onerror=${CALL} \\" | credit")`, `![" onerror=${CALL} x="](image:abc)`, "```\"onmouseover=alert(1)\nx\n```", `<details open ontoggle=${CALL}>\n\n**x**\n\n</details>`, `::: factbox <img src=x onerror=${CALL}>\nx\n:::`, `::: pullquote\nx\n-- <img src=x onerror=${CALL}>\n:::`, `| <img src=x onerror=${CALL}> | b |\n|---|---|\n| <script>${CALL}</script> | x |`, `https://x.example/<img src=x onerror=${CALL}>`,
]);
const TEXTS = [...TAGS, ...BREAKS, ...URLS];
assert.ok(TEXTS.length >= 100, `${TEXTS.length} payloads`);

// ---- the server -----------------------------------------------------------------------------------------
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("BROADSHEET_")));
assert.equal(spawnSync(binary, ["-C", paper, "init", "--sample"], { env: environment }).status, 0);
const server = spawn(binary, ["-C", paper, "serve", "--port", "0"], { env: environment });
const ended = new Promise((resolve) => server.on("exit", (code, signal) => resolve(code ?? signal)));
let said = "", base, link;
await new Promise((resolve, reject) => {
  const timer = setTimeout(() => reject(new Error(said)), 60000);
  server.stdout.on("data", (bytes) => {
    said += bytes;
    base ??= /http:\/\/[^\s/]+/.exec(said)?.[0];
    link ??= /set-up#(\S+)/.exec(said)?.[1];
    if (said.includes("Ctrl-C")) {
      clearTimeout(timer);
      resolve();
    }
  });
});
let log = "";
server.stderr.on("data", (bytes) => (log += bytes));

const found = [];
let cookie = "", csrf = "";
async function call(method, where, body, type = "application/json") {
  // A connection that the server closed meanwhile is opened anew.
  const ask = (address, options) => fetch(address, options).catch(() => fetch(address, options));
  const response = await ask(base + where, {
    method,
    headers: { ...(cookie ? { Cookie: cookie } : {}), ...(csrf && method !== "GET" ? { "X-CSRF-Token": csrf, Origin: base } : {}), ...(body !== undefined ? { "Content-Type": type } : {}) },
    body: body === undefined ? undefined : type === "application/json" ? JSON.stringify(body) : body,
  });
  const set = response.headers.getSetCookie?.() ?? [];
  if (set.length > 0) cookie = set.map((one) => one.split(";")[0]).join("; ");
  const text = await response.text();
  let json = null;
  try {
    json = JSON.parse(text);
  } catch {
    // not JSON
  }
  return { status: response.status, json, text };
}
const must = async (method, where, body, type) => {
  const answer = await call(method, where, body, type);
  assert.ok(answer.status < 300, `${method} ${where}: ${answer.status} ${answer.text.slice(0, 300)}`);
  return answer.json;
};

let status = 0, browser;
try {
  csrf = (await must("GET", "/api/session")).csrf ?? "";
  csrf = (await must("POST", "/api/set-up", { token: link, email: "ada@courier.example", name: "Ada <img src=x onerror=alert(1)>", password: PASSWORD })).csrf;
  const sections = (await must("GET", "/api/sections")).items;
  const image = await must("POST", "/api/images?name=x.jpg", fs.readFileSync(picture), "image/jpeg");

  // One story a payload, which stands in every field that takes text; what is refused is refused.
  const stories = [];
  let refused = 0;
  for (const [i, text] of TEXTS.entries()) {
    const author = (await call("POST", "/api/authors", { name: `${text} ${i}`, role: text, bio: text })).json;
    const body = [MARKDOWN[i % MARKDOWN.length], text, MARKDOWN[(i + TEXTS.length) % MARKDOWN.length], `![${text.replace(/[[\]\n]/g, "")}](image:${image.hash} "${text.replace(/["\n]/g, "")} | ${text.replace(/["\n]/g, "")}")`].join("\n\n");
    const fields = { headline: text, standfirst: text, kicker: text, dateline: text, hero_caption: text, hero_credit: text, seo_title: text, seo_description: text, share_title: text, share_description: text, section_id: sections[i % sections.length].id, hero_image_id: image.id, topics: [`${text} ${i}`], bylines: author?.id ? [{ author_id: author.id, role: text }] : [] };
    let made = await call("POST", "/api/stories", { ...fields, body });
    if (made.status >= 300) made = await call("POST", "/api/stories", { ...fields, body: text });
    if (made.status >= 300) made = await call("POST", "/api/stories", { headline: text, body: "x", section_id: sections[0].id });
    if (made.status >= 300) {
      refused++;
      continue;
    }
    const published = await call("POST", `/api/stories/${made.json.id}/publish`, { base_revision: made.json.revision });
    if (published.status >= 300) refused++;
    await call("POST", `/api/stories/${made.json.id}/corrections`, { wrong: text, right: text });
    await call("POST", `/api/stories/${made.json.id}/notes`, { text, passage: text.slice(0, 40), prefix: "" });
    stories.push({ id: made.json.id, url: published.json?.url ?? null });
  }
  assert.ok(stories.filter((story) => story.url).length > 90, `${refused} of ${TEXTS.length} were refused`);
  // Fields that there is one of: the nastiest few, one after the other.
  const few = [`"><img src=x onerror=${CALL}>`, `</script><script>${CALL}</script>`, `<svg onload=${CALL}>`];
  for (const text of few) {
    await call("PATCH", `/api/images/${image.id}`, { alt: text, caption: text, credit: text, rights: text });
    await call("POST", "/api/sections", { slug: `x${few.indexOf(text)}`, name: text, description: text });
    await call("POST", "/api/segments", { slug: `x${few.indexOf(text)}`, name: text, rules: "since 2026-01-01" });
    await call("POST", "/api/subscribers", { address: `x${few.indexOf(text)}@example.org`, name: text, newsletters: ["daily"], consent: text });
    await call("POST", "/api/staff", { email: `x${few.indexOf(text)}@courier.example`, name: text, role: "author" });
    await call("POST", "/api/tokens", { name: text, scopes: ["story.read"] });
    await call("POST", "/api/fronts/front/plans", { name: text, slots: [] });
    await call("PATCH", "/api/settings", { name: `Courier ${text}`, tagline: text, description: text, publisher: text, contact: text, postal_address: text });
  }
  const newsletters = (await must("GET", "/api/newsletters")).items;
  await call("PATCH", `/api/newsletters/${newsletters[0].id}`, { name: few[0], description: few[1], introduction: few[2], sender_name: few[0] });
  const mailing = await call("POST", "/api/mailings", { newsletter_id: newsletters.find((one) => one.kind === "daily").id });
  if (mailing.status < 300) {
    await call("PATCH", `/api/mailings/${mailing.json.mailing.id}`, { subject: few[0], preheader: few[1], introduction: few[2] });
    await call("POST", `/api/mailings/${mailing.json.mailing.id}/test`, { addresses: ["ada@courier.example"] });
  }

  browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"] });
  const context = await browser.newContext({ bypassCSP: true, viewport: { width: 1280, height: 900 } });
  const [name, value] = cookie.split("; ")[0].split("=");
  await context.addCookies([{ name, value, url: base }]);
  const page = await context.newPage();
  let at = "";
  page.on("dialog", async (dialog) => {
    found.push(`${at}: ${dialog.message()}`);
    await dialog.dismiss().catch(() => undefined);
  });
  const visit = async (where, settle = 0) => {
    at = where;
    await page.goto(base + where, { waitUntil: "domcontentloaded" }).catch(() => undefined);
    await page.mouse.move(300 + Math.random() * 300, 300);
    if (settle) await page.waitForTimeout(settle);
  };
  for (const story of stories) if (story.url) await visit(new URL(story.url, base).pathname);
  const listed = ["/", "/corrections", "/archive", ...sections.map((section) => `/${section.slug}`), "/newsletters", ...few.map((text) => `/search?q=${encodeURIComponent(text)}`), `/nothing/${encodeURIComponent(few[0])}`];
  for (const where of listed) await visit(where, 200);
  for (const where of ["/", "/stories", "/stories?view=board", "/pictures", "/pictures/" + image.id, "/front", "/mail", "/mail/newsletters", "/mail/outbox", ...(mailing.status < 300 ? [`/mail/${mailing.json.mailing.id}`] : []), "/readers", "/readers/1", "/readers/segments", "/numbers", "/settings/paper", "/settings/sections", "/settings/authors", "/settings/staff", "/settings/tokens", "/settings/audit", "/account"]) await visit(`/newsroom${where}`, 900);
  for (const story of stories.filter((_, i) => i % 6 === 0)) {
    await visit(`/newsroom/stories/${story.id}`, 700);
    await visit(`/api/stories/${story.id}/page`);
  }
  if (mailing.status < 300) await visit(`/api/mailings/${mailing.json.mailing.id}/html`, 300);
  for (const message of (await call("GET", "/api/outbox")).json?.items ?? []) await visit(`/api/outbox/${message.id}/html`, 200);

  // Feeds and JSON-LD: well-formed, and nothing in them ends the element that it stands in.
  for (const where of ["/rss.xml", "/atom.xml", "/feed.json", "/sitemap.xml", "/news-sitemap.xml"]) {
    const response = await fetch(base + where);
    if (!response.ok) continue;
    const text = await response.text();
    if (where.endsWith(".json")) JSON.parse(text);
    else {
      const broken = await page.evaluate((xml) => new DOMParser().parseFromString(xml, "application/xml").querySelector("parsererror")?.textContent ?? null, text);
      if (broken) found.push(`${where}: ${broken}`);
    }
  }
  for (const story of stories.filter((one) => one.url).slice(0, 40)) {
    await visit(new URL(story.url, base).pathname);
    for (const text of await page.evaluate(() => [...document.querySelectorAll('script[type="application/ld+json"]')].map((one) => one.textContent))) JSON.parse(text);
    for (const href of await page.evaluate(() => [...document.querySelectorAll("[href],[src],[action]")].map((one) => one.getAttribute("href") ?? one.getAttribute("src") ?? one.getAttribute("action")))) {
      if (/^[\s\x00-\x1f]*(javascript|vbscript|data:text)/i.test(href)) found.push(`${story.url}: ${href}`);
    }
  }
  for (const one of new Set(found)) console.log(`not ok ran: ${one}`);
  status = found.length > 0 ? 1 : 0;
  if (status === 0) console.log(`ok none of ${TEXTS.length} payloads in text and ${MARKDOWN.length} in Markdown ran; ${stories.length} stories`);
} catch (error) {
  status = 1;
  console.log(`not ok ${error.stack} ${error.cause ?? ""}`);
} finally {
  await browser?.close();
  server.kill("SIGTERM");
  if ((await ended) !== 0) {
    status = 1;
    console.log(`not ok the server: ${log.slice(-3000)}`);
  }
  fs.rmSync(work, { recursive: true, force: true });
}
process.exit(status);
