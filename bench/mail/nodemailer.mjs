// SPDX-License-Identifier: Apache-2.0
// usage: node nodemailer.mjs PORT COUNT CONNECTIONS MESSAGE.json KEY.pem|-
// Sends COUNT personal messages by nodemailer's pool, as its documentation says; prints nothing but faults.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(join(process.cwd(), "here.js"));
const nodemailer = require("nodemailer");
const [port, count, connections, file, key] = process.argv.slice(2);
const message = JSON.parse(readFileSync(file, "utf8"));
const options = { host: "127.0.0.1", port: +port, pool: true, secure: false, ignoreTLS: true, maxConnections: +connections, maxMessages: Infinity };
if (key !== "-") {
  options.dkim = { domainName: "example.org", keySelector: "bench", privateKey: readFileSync(key, "utf8") };
}
const transport = nodemailer.createTransport(options);
let sent = 0, begun = 0;
await new Promise((resolve, reject) => {
  const more = () => {
    while (begun - sent < 4 * +connections && begun < +count) {
      const n = ++begun;
      const fill = (text) => text.replaceAll("{{greeting}}", ` Reader ${n}`).replaceAll("{{token}}", `token${n}`);
      transport.sendMail({
        from: "Courier <news@example.org>", to: `Reader ${n} <reader${n}@example.net>`, subject: message.subject,
        text: fill(message.text), html: fill(message.html), envelope: { from: `bounces+${n}@example.org`, to: `reader${n}@example.net` },
        headers: { "List-Unsubscribe": `<https://example.org/unsubscribe/token${n}>`, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" },
      }, (error) => {
        if (error) { reject(error); return; }
        if (++sent === +count) { resolve(); } else { more(); }
      });
    }
  };
  more();
});
transport.close();
