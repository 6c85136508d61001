// SPDX-License-Identifier: Apache-2.0
//
// The newsroom as people use it, in Debian's Chromium by playwright-core, against the real program on
// loopback with an outbox: a newcomer makes the owner, writes a story with a picture, cuts it,
// publishes, curates, sends the daily, reads it in the outbox, leaves by its link, corrects; two editors
// collide; a contributor can't publish; the network is cut; the session expires. Then axe on every
// view, light and dark, and nothing sticks out at three widths.
//
// usage: newsroom.mjs BROADSHEET NODE_MODULES PICTURE   NEWSROOM_SHOTS=FOLDER keeps screenshots.
import { spawn, spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

const [binary, modules, picture] = process.argv.slice(2).map((one) => path.resolve(one));
const require = createRequire(path.join(modules, "x.js"));
const { chromium } = require("playwright-core");
const axe = fs.readFileSync(path.join(modules, "axe-core/axe.min.js"), "utf8");
const shots = process.env.NEWSROOM_SHOTS;
const work = fs.mkdtempSync(path.join(os.tmpdir(), "newsroom-test-"));
const paper = path.join(work, "paper");
const PASSWORD = "four quiet herons on the quay";
const SLOW = 30000; // a sanitized build on a busy machine

const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("BROADSHEET_")));
const run = (...args) => {
  const done = spawnSync(binary, ["-C", paper, ...args], { env: environment, encoding: "utf8" });
  assert.equal(done.status, 0, `broadsheet ${args.join(" ")}: ${done.stdout}${done.stderr}`);
  return done.stdout;
};

let server, base, ownerLink, browser;
const failures = [];
async function start() {
  server = spawn(binary, ["-C", paper, "serve", "--port", "0"], { env: environment });
  let said = "";
  server.stderr.on("data", (bytes) => fs.appendFileSync(path.join(work, "server.log"), bytes));
  await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the server did not start: ${said}`)), 60000);
    server.stdout.on("data", (bytes) => {
      said += bytes;
      base ??= /http:\/\/[^\s/]+/.exec(said)?.[0];
      ownerLink = /http:\/\/\S+set-up#\S+/.exec(said)?.[0] ?? ownerLink;
      if (said.includes("Ctrl-C")) {
        clearTimeout(timer);
        resolve();
      }
    });
    server.on("exit", (status) => reject(new Error(`the server ended with ${status}: ${said}`)));
  });
}

async function person(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 1000 }, ...options });
  context.setDefaultTimeout(SLOW);
  const page = await context.newPage();
  page.on("pageerror", (error) => failures.push(`script error at ${page.url()}: ${error}`));
  page.on("console", (message) => {
    if (/Content Security Policy/.test(message.text())) failures.push(`policy at ${page.url()}: ${message.text()}`);
  });
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (!/^(data|blob|about)/.test(url.protocol) && url.origin !== base) failures.push(`a request to ${url.origin}`);
  });
  return page;
}

const steps = [];
const step = (name, work) => steps.push([name, work]);
const saved = (page) => page.locator('[data-save="saved"]').waitFor();
const settle = async (page) => {
  await page.waitForTimeout(300);
  await saved(page);
};
const publish = async (page, button = "Publish") => {
  await page.getByRole("button", { name: button, exact: true }).click();
  await page.getByRole("button", { name: "Publish now" }).click();
  await page.getByText("Published", { exact: true }).last().waitFor();
};
const api = (page, method, where, body) =>
  page.evaluate(
    async ([method, where, body]) => {
      const session = await (await fetch("/api/session")).json();
      const response = await fetch(where, { method, headers: { "Content-Type": "application/json", "X-CSRF-Token": session.csrf ?? "" }, body: body === undefined ? undefined : JSON.stringify(body) });
      const text = await response.text();
      return { status: response.status, json: text.startsWith("{") ? JSON.parse(text) : null };
    },
    [method, where, body],
  );
const logIn = async (page, email) => {
  await page.goto(`${base}/newsroom/`);
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("link", { name: "Stories" }).first().waitFor();
};
// The link in the newest letter of the outbox to an address.
const outboxLink = (address, pattern) => {
  const files = fs
    .readdirSync(paper, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\/(new|cur)$/.test(entry.parentPath ?? entry.path))
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .sort((a, b) => fs.statSync(b).mtimeMs - fs.statSync(a).mtimeMs);
  for (const file of files) {
    const text = fs.readFileSync(file, "utf8").replace(/=\r?\n/g, "").replace(/=3D/g, "=");
    if (text.includes(address) && pattern.test(text)) return pattern.exec(text)[0];
  }
  return null;
};
const eventually = async (what, find) => {
  for (let i = 0; i < 120; i++) {
    const found = await find();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  assert.fail(`waited in vain for ${what}`);
};

let owner, storyId, storyUrl;
const HEADLINE = "Harbour bell rings again after ninety years";

step("a newcomer makes the owner", async () => {
  owner = await person();
  await owner.goto(ownerLink);
  await owner.getByLabel("Your name").fill("Ada Quill");
  await owner.getByLabel("E-mail address").fill("ada@courier.example");
  await owner.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await owner.getByRole("button", { name: "Make the newsroom mine" }).click();
  await owner.getByRole("heading", { name: "Good day, Ada" }).waitFor();
  const other = await person();
  await other.goto(ownerLink);
  await other.getByText("This link has been used").waitFor();
  await other.context().close();
});

step("writes a story with a picture, cuts it, publishes it, finds it on the front page", async () => {
  await owner.getByRole("button", { name: "New story" }).first().click();
  await owner.waitForURL(/stories\/\d+$/);
  storyId = Number(/\d+$/.exec(owner.url())[0]);
  await owner.getByLabel("Headline", { exact: true }).fill(HEADLINE);
  await owner.getByLabel("Standfirst", { exact: false }).first().fill("A diver found it under the old pier.");
  await owner.locator(".prose").click();
  await owner.keyboard.type("The bell of the Saint Brannoc was raised on Monday.");
  await owner.keyboard.press("Enter");
  await owner.keyboard.type("## What happens next");
  await owner.keyboard.press("Enter");
  await owner.keyboard.type("It will hang in the market.");
  await owner.getByLabel("Section").selectOption({ label: "Town" });
  await owner.getByRole("button", { name: "Choose a picture" }).click();
  await owner.locator('dialog input[type="file"]').setInputFiles(picture);
  await owner.getByLabel("Description for those who can’t see it").fill("A bronze bell hangs from a crane over the water.");
  await settle(owner);
  await owner.waitForTimeout(1500);
  await owner.getByRole("link", { name: "Cuts" }).click();
  await owner.getByRole("button", { name: "Cut 1:1" }).click();
  await owner.locator(".cropper-crop-box").waitFor();
  await owner.locator('[role="application"]').focus();
  await owner.keyboard.press("Shift+ArrowLeft");
  await owner.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await owner.getByText("by hand", { exact: true }).waitFor();
  await owner.goto(`${base}/newsroom/stories/${storyId}`);
  await publish(owner);
  storyUrl = await eventually("the story's address", () => owner.getByRole("link", { name: "See it" }).getAttribute("href"));
  const reader = await person();
  await reader.goto(new URL(new URL(storyUrl, base).pathname, base).href);
  await reader.getByRole("heading", { name: HEADLINE }).waitFor();
  await reader.getByText("It will hang in the market.").waitFor();
  await reader.goto(base);
  await reader.getByText(HEADLINE).first().waitFor();
  await reader.context().close();
});

step("curates the front page, with the keyboard and by dragging, and undoes it", async () => {
  await owner.goto(`${base}/newsroom/front`);
  const card = owner.locator(`.pool [data-id="${storyId}"], .slot--auto:has-text("${HEADLINE}")`).first();
  await card.waitFor();
  const pooled = owner.locator(`.pool [data-id="${storyId}"]`);
  await pooled.getByRole("button", { name: "Lead" }).click();
  const lead = owner.locator(`.page__zone--lead [data-id="${storyId}"]`);
  await lead.waitFor();
  await lead.focus();
  await owner.keyboard.press("Alt+ArrowRight");
  await owner.locator(`.page__zone--second [data-id="${storyId}"]`).waitFor();
  await owner.keyboard.press("Control+z");
  await lead.waitFor();
  await owner.getByRole("button", { name: "Publish this front" }).click();
  await owner.getByText("The front page is changed").waitFor();
  const reader = await person();
  await eventually("the lead on the front page", async () => {
    await reader.goto(base);
    return (await reader.locator("main h2, main h1, main h3").first().textContent()).includes(HEADLINE);
  });
  await reader.context().close();
});

step("sends the daily to the outbox, reads it there, and a reader leaves by its link", async () => {
  const made = await api(owner, "POST", "/api/subscribers", { address: "reader@example.org", name: "Reader", newsletters: ["daily"], consent: "said so at the fair" });
  assert.equal(made.status, 201, JSON.stringify(made));
  await owner.goto(`${base}/newsroom/mail`);
  await owner.getByRole("button", { name: "Compose" }).click();
  await owner.getByRole("button", { name: "Continue" }).click();
  await owner.waitForURL(/mail\/\d+$/);
  await owner.getByLabel("Subject").fill("The bell, and more");
  await owner.waitForTimeout(1500);
  await owner.getByRole("button", { name: "Send now" }).click();
  await owner.getByRole("dialog").getByRole("button", { name: "Send now" }).click();
  await eventually("the letter to be sent", async () => {
    await owner.reload();
    await owner.waitForTimeout(500);
    return (await owner.locator('[data-count="accepted"] b').textContent().catch(() => "")) === "1";
  });
  await owner.goto(`${base}/newsroom/mail/outbox`);
  await owner.getByRole("button", { name: /The bell, and more/ }).first().click();
  const leave = await owner.getByRole("link", { name: "Unsubscribe link" }).getAttribute("href");
  const reader = await person();
  await reader.goto(new URL(new URL(leave).pathname + new URL(leave).search, base).href);
  await reader.locator('main form[method="post" i] button').first().click();
  await eventually("the reader to have left", async () => {
    const state = await api(owner, "GET", "/api/subscribers?q=reader@example.org");
    const whole = await api(owner, "GET", `/api/subscribers/${state.json.items[0].id}`);
    return whole.json.subscriptions.every((one) => one.status !== "active");
  });
  await reader.context().close();
});

step("imports readers from a file: tries it first, and what was chosen is still there for the import", async () => {
  const file = path.join(work, "readers.csv");
  fs.writeFileSync(file, "E-mail;Vorname\n" + Array.from({ length: 40 }, (_, i) => `old${i}@example.org;Name ${i}\n`).join("") + "not-an-address;X\n");
  await owner.goto(`${base}/newsroom/readers/import`);
  await owner.locator("input[type=file]").setInputFiles(file);
  await owner.getByLabel("The daily").check();
  await owner.locator("textarea").fill("Agreed on the old site");
  await owner.getByRole("button", { name: "Try it" }).click();
  await owner.getByText("Tried: nothing was written").waitFor();
  await owner.getByRole("button", { name: "Import", exact: true }).click();
  await owner.locator("article .badge, article h2").getByText("Done").waitFor();
  const found = await api(owner, "GET", "/api/subscribers?q=old39");
  assert.equal(found.json.items.length, 1, JSON.stringify(found));
});

step("corrects the story and sees the correction everywhere", async () => {
  await owner.goto(`${base}/newsroom/stories/${storyId}`);
  await owner.getByRole("button", { name: "Actions", exact: true }).click();
  await owner.getByRole("menuitem", { name: "Correct", exact: true }).click();
  await owner.getByLabel("What was wrong").fill("An earlier version said the bell was raised on Monday.");
  await owner.getByLabel("What is right").fill("It was raised on Tuesday.");
  await owner.getByLabel(/Words to replace/).fill("on Monday");
  await owner.getByLabel("Replace with").fill("on Tuesday");
  await owner.getByRole("dialog").getByRole("button", { name: "Correct", exact: true }).click();
  await owner.getByText("The correction is published").waitFor();
  const reader = await person();
  for (const where of [new URL(storyUrl, base).pathname, "/corrections"]) {
    await eventually(`the correction at ${where}`, async () => {
      await reader.goto(new URL(where, base).href);
      return (await reader.locator("body").textContent()).includes("It was raised on Tuesday.");
    });
  }
  const feed = await (await fetch(`${base}/feed.json`).then((response) => (response.ok ? response : fetch(`${base}/rss.xml`)))).text();
  assert.ok(feed.includes("It was raised on Tuesday."), "the correction is in the feed");
  await reader.context().close();
});

step("two editors collide, and neither loses a word", async () => {
  const made = await api(owner, "POST", "/api/staff", { email: "bo@courier.example", name: "Bo Marsh", role: "editor" });
  assert.equal(made.status, 201, JSON.stringify(made));
  const link = await eventually("the invitation", () => outboxLink("bo@courier.example", /http\S+\/newsroom\/invitation#[\w-]+/));
  const bo = await person();
  await bo.goto(base + link.slice(link.indexOf("/newsroom")));
  await bo.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await bo.getByRole("button", { name: "Begin" }).click();
  await bo.getByRole("heading", { name: /Good day/ }).waitFor();

  const story = (await api(owner, "POST", "/api/stories", { headline: "Both write", body: "First paragraph here.\n\nSecond paragraph here.\n\nThird paragraph here.\n" })).json;
  await owner.goto(`${base}/newsroom/stories/${story.id}`);
  await saved(owner);
  await owner.locator(".prose").waitFor();
  await bo.goto(`${base}/newsroom/stories/${story.id}`);
  await bo.getByText("Ada Quill has been writing on this story").waitFor();
  await owner.locator(".prose p").first().click();
  await owner.keyboard.press("End");
  await owner.keyboard.type(" Ada adds this.");
  await bo.locator(".prose p").nth(2).click();
  await bo.keyboard.press("End");
  await bo.keyboard.type(" Bo adds that.");
  await bo.locator(".prose p").first().click();
  await bo.keyboard.press("Home");
  await bo.keyboard.type("Bo begins. ");
  await settle(owner);
  await settle(bo);
  await bo.waitForTimeout(2500);
  const text = (await api(owner, "GET", `/api/stories/${story.id}`)).json.body;
  for (const words of ["Ada adds this.", "Bo adds that.", "Bo begins.", "Second paragraph here."]) assert.ok(text.includes(words), `“${words}” is in: ${text}`);
  await bo.getByRole("button", { name: "Take over" }).first().click();
  await bo.getByRole("dialog").getByRole("button", { name: "Take over" }).click();
  await bo.getByText("Ada Quill has been writing on this story").waitFor({ state: "detached" });
  await bo.context().close();
});

step("a contributor writes, but can't publish by any route", async () => {
  const made = await api(owner, "POST", "/api/staff", { email: "cy@courier.example", name: "Cy Fen", role: "contributor" });
  assert.equal(made.status, 201, JSON.stringify(made));
  const link = await eventually("the invitation", () => outboxLink("cy@courier.example", /http\S+\/newsroom\/invitation#[\w-]+/));
  const cy = await person();
  await cy.goto(base + link.slice(link.indexOf("/newsroom")));
  await cy.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await cy.getByRole("button", { name: "Begin" }).click();
  await cy.getByRole("button", { name: "New story" }).first().click();
  await cy.waitForURL(/stories\/\d+$/);
  await cy.getByLabel("Headline", { exact: true }).fill("From the marsh");
  await settle(cy);
  assert.equal(await cy.getByRole("button", { name: "Publish", exact: true }).count(), 0);
  const id = /\d+$/.exec(cy.url())[0];
  const { json: mine } = await api(cy, "GET", `/api/stories/${id}`);
  for (const [where, body] of [
    ["publish", { base_revision: mine.revision }],
    ["schedule", { at: "2040-01-01T00:00:00Z" }],
    ["corrections", { wrong: "a", right: "b" }],
    ["withdraw", undefined],
  ]) {
    assert.equal((await api(cy, "POST", `/api/stories/${id}/${where}`, body)).status, 403, where);
  }
  assert.equal((await api(cy, "PUT", "/api/fronts/front", { base_version: 1, slots: [] })).status, 403);
  assert.equal((await api(cy, "POST", "/api/alerts", { story_id: storyId, recipients: 1 })).status, 403);
  await cy.goto(`${base}/newsroom/settings/staff`);
  assert.equal(await cy.getByText("bo@courier.example").count(), 0);
  await cy.context().close();
});

step("the network is cut while writing, and nothing is lost", async () => {
  const story = (await api(owner, "POST", "/api/stories", { headline: "Cut off", body: "It begins.\n" })).json;
  await owner.goto(`${base}/newsroom/stories/${story.id}`);
  await owner.locator(".prose p").first().click();
  await owner.context().setOffline(true);
  await owner.keyboard.press("End");
  await owner.keyboard.type(" Written without a network.");
  await owner.locator('[data-save="kept"]').waitFor();
  await owner.getByText("No connection.").waitFor();
  await owner.context().setOffline(false);
  await saved(owner);
  assert.match((await api(owner, "GET", `/api/stories/${story.id}`)).json.body, /Written without a network\./);
  // A tab that is closed without a network: the words are there when it opens again.
  await owner.context().setOffline(true);
  await owner.locator(".prose p").first().click();
  await owner.keyboard.press("End");
  await owner.keyboard.type(" And the tab was closed.");
  await owner.locator('[data-save="kept"]').waitFor();
  const context = owner.context();
  await owner.close();
  await context.setOffline(false);
  owner = await context.newPage();
  await owner.goto(`${base}/newsroom/stories/${story.id}`);
  await owner.getByText("And the tab was closed.").waitFor();
  await saved(owner);
  assert.match((await api(owner, "GET", `/api/stories/${story.id}`)).json.body, /And the tab was closed\./);
});

step("the session expires while writing, and nothing is lost", async () => {
  const story = (await api(owner, "POST", "/api/stories", { headline: "Session", body: "It begins.\n" })).json;
  await owner.goto(`${base}/newsroom/stories/${story.id}`);
  await saved(owner);
  await owner.context().clearCookies();
  await owner.locator(".prose p").first().click();
  await owner.keyboard.press("End");
  await owner.keyboard.type(" Written after the end.");
  await owner.getByText("Your session has ended").waitFor();
  await owner.getByRole("dialog").getByLabel("Password", { exact: true }).fill(PASSWORD);
  await owner.getByRole("dialog").getByRole("button", { name: "Log in" }).click();
  await owner.getByText("Your session has ended").waitFor({ state: "detached" });
  await saved(owner);
  assert.match((await api(owner, "GET", `/api/stories/${story.id}`)).json.body, /Written after the end\./);
});

step("axe finds nothing on any view, light and dark; nothing sticks out at three widths", async () => {
  const views = ["/", "/stories", "/stories?view=board", `/stories/${storyId}`, `/stories/${storyId}/history`, "/pictures", "/pictures/1", "/front", "/mail", "/mail/1", "/mail/newsletters", "/mail/outbox", "/readers", "/readers/1", "/readers/import", "/readers/segments", "/readers/suppression", "/numbers", "/settings/paper", "/settings/sections", "/settings/authors", "/settings/staff", "/settings/policies", "/settings/tokens", "/settings/webhooks", "/settings/audit", "/account", "/nothing"];
  const cookies = await owner.context().cookies();
  for (const colorScheme of ["light", "dark"]) {
    for (const width of shots ? [360, 768, 1440] : colorScheme === "light" ? [360, 768] : [1440]) {
      const page = await person({ viewport: { width, height: 900 }, colorScheme, bypassCSP: true });
      await page.context().addCookies(cookies);
      for (const view of views) {
        await page.goto(`${base}/newsroom${view}`);
        await page.locator("main h1, main .empty").first().waitFor({ state: "attached" });
        await page.waitForLoadState("networkidle").catch(() => undefined);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (wide > 0) failures.push(`${view} sticks out by ${wide} px at ${width}`);
        if (shots) await page.screenshot({ path: path.join(shots, `${colorScheme}-${width}-${view.replace(/[^a-z0-9]+/gi, "_")}.png`) });
        if (width === 768 && !shots) continue;
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }));
        for (const one of violations) failures.push(`${view} ${colorScheme} ${width}: ${one.id}: ${one.nodes[0].html.slice(0, 160)}`);
      }
      await page.context().close();
    }
  }
});

let status = 0;
try {
  run("init", "--sample");
  await start();
  browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"] });
  for (const [name, act] of steps) {
    if (process.env.NEWSROOM_ONLY && !/newcomer/.test(name) && !new RegExp(process.env.NEWSROOM_ONLY).test(name)) continue;
    const began = Date.now();
    try {
      await act();
      console.log(`ok ${name} (${Date.now() - began} ms)`);
    } catch (error) {
      status = 1;
      console.log(`not ok ${name}: ${error.stack}`);
      await owner?.screenshot({ path: path.join(shots ?? work, "failed.png") }).catch(() => undefined);
      if (/newcomer/.test(name)) break;
    }
  }
  for (const failure of new Set(failures)) {
    status = 1;
    console.log(`not ok ${failure}`);
  }
} catch (error) {
  status = 1;
  console.log(`not ok ${error.stack}`);
} finally {
  await browser?.close();
  if (server && server.exitCode === null) {
    server.removeAllListeners("exit");
    const ended = new Promise((resolve) => server.on("exit", resolve));
    server.kill("SIGTERM");
    const code = await ended;
    if (code !== 0) {
      status = 1;
      console.log(`not ok the server ended with ${code}`);
    }
  }
  if (status !== 0 && fs.existsSync(path.join(work, "server.log"))) console.log(fs.readFileSync(path.join(work, "server.log"), "utf8").slice(-4000));
  if (!process.env.NEWSROOM_KEEP) fs.rmSync(work, { recursive: true, force: true });
}
process.exit(status);
