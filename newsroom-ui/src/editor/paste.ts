// SPDX-License-Identifier: Apache-2.0
//
// What comes in from Word, Google Docs and web pages, made clean. The schema drops whatever it has
// no form for; here is mended what would come through wrong: Word's lists that are paragraphs, its
// comments and conditional marks, scripts and styles, spaces that hold a layout.
const PASSAGES = "p,div,li,h1,h2,h3,h4,h5,h6,td,th,blockquote";

export function cleanPaste(html: string): string {
  // "<!--StartFragment-->" and Word's "<![if !supportLists]>" are comments to the parser.
  const page = new DOMParser().parseFromString(html, "text/html");
  page.querySelectorAll("script,style,meta,link,title,noscript,template,iframe,object,embed,form,button,input,select,textarea,svg,math,video,audio,canvas,o\\:p").forEach((node) => node.remove());
  page.querySelectorAll("[hidden],[aria-hidden=true],[style*='display:none'],[style*='display: none'],[style*='mso-hide:all']").forEach((node) => node.remove());
  wordLists(page);
  page.querySelectorAll("a").forEach((link) => {
    const to = link.getAttribute("href") ?? "";
    // Footnotes and bookmarks of a text processor lead nowhere here; Google wraps its links.
    if (/^#|^file:|^about:/i.test(to) || link.id.startsWith("docs-internal")) link.replaceWith(...link.childNodes);
    else {
      try {
        const google = new URL(to);
        if (google.hostname === "www.google.com" && google.pathname === "/url" && google.searchParams.get("q")) link.setAttribute("href", google.searchParams.get("q")!);
      } catch {
        // a relative address: as it is
      }
    }
  });
  // A paragraph that is bold as a whole is a subheading's look, not emphasis.
  page.querySelectorAll("h1 b,h1 strong,h2 b,h2 strong,h3 b,h3 strong,h4 b,h4 strong").forEach((node) => node.replaceWith(...node.childNodes));
  page.querySelectorAll(PASSAGES).forEach((block) => {
    if (!block.querySelector(`${PASSAGES},img,table`) && block.textContent!.replace(/[\s\u00a0]/g, "") === "" && !block.querySelector("br")) block.remove();
  });
  const walker = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!(node.parentElement?.closest("pre"))) node.textContent = node.textContent!.replace(/\u00a0(?=[^\d%‰:;!?»\u00a0])|(?<=[^\d«])\u00a0(?= )/g, " ").replace(/\u200b|\ufeff/g, "");
  }
  return page.body.innerHTML;
}

// <p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>1.</span>text</p>
function wordLists(page: Document): void {
  const items = [...page.querySelectorAll("p[style*='mso-list']")] as HTMLElement[];
  const stack: { level: number; list: HTMLElement }[] = [];
  let before: Element | null = null;
  for (const item of items) {
    const level = Number(/mso-list:[^;]*level(\d+)/.exec(item.getAttribute("style") ?? "")?.[1] ?? 1);
    const mark = item.querySelector("[style*='mso-list:Ignore'],[style*='mso-list: Ignore']");
    const ordered = /^\s*[\da-z]+[.)]/i.test(mark?.textContent ?? "");
    mark?.remove();
    if (item.previousElementSibling !== before) stack.length = 0;
    while (stack.length > 0 && stack[stack.length - 1]!.level > level) stack.pop();
    if (stack.length === 0 || stack[stack.length - 1]!.level < level) {
      const list = page.createElement(ordered ? "ol" : "ul");
      const parent = stack[stack.length - 1]?.list.lastElementChild;
      if (parent) parent.append(list);
      else item.before(list);
      stack.push({ level, list });
    }
    const entry = page.createElement("li");
    entry.append(...item.childNodes);
    stack[stack.length - 1]!.list.append(entry);
    before = stack[0]!.list;
    item.remove();
  }
}
