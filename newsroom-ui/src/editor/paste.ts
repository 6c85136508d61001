// SPDX-License-Identifier: Apache-2.0
//
// What comes in from Word, Google Docs and web pages, made clean. The schema drops whatever it has
// no form for; here is mended what would come through wrong: Word's lists that are paragraphs, its
// comments and conditional marks, scripts and styles, spaces that hold a layout.
const PASSAGES = "p,div,li,h1,h2,h3,h4,h5,h6,td,th,blockquote";

export function cleanPaste(html: string): string {
  // "<!--StartFragment-->" and Word's "<![if !supportLists]>" are comments to the parser. Styles are
  // read as text: the policy of the page (no inline styles) would blank them.
  const page = new DOMParser().parseFromString(html.replace(/(\s)style(\s*=)/gi, "$1data-style$2"), "text/html");
  page.querySelectorAll("script,style,meta,link,title,noscript,template,iframe,object,embed,form,button,input,select,textarea,svg,math,video,audio,canvas,o\\:p").forEach((node) => node.remove());
  page.querySelectorAll("[hidden],[aria-hidden=true],[data-style*='display:none'],[data-style*='display: none'],[data-style*='mso-hide:all']").forEach((node) => node.remove());
  wordLists(page);
  styles(page);
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

// A look that means something becomes an element that means it; all other styles go.
function styles(page: Document): void {
  for (const node of [...page.querySelectorAll("[data-style]")] as HTMLElement[]) {
    const style = node.dataset.style!.toLowerCase();
    node.removeAttribute("data-style");
    const inline = /^(span|b|i|em|strong|font|u)$/i.test(node.tagName);
    const weight = /font-weight:\s*([\w]+)/.exec(style)?.[1];
    if (/^(b|strong)$/i.test(node.tagName) && weight && /^(normal|[1-5]00)$/.test(weight)) node.replaceWith(...node.childNodes);
    else if (/^(i|em)$/i.test(node.tagName) && /font-style:\s*normal/.test(style)) node.replaceWith(...node.childNodes);
    if (!inline || !node.isConnected) continue;
    const wrap = (tag: string) => {
      const element = page.createElement(tag);
      element.append(...node.childNodes);
      node.append(element);
    };
    if (weight && /^(bold|bolder|[6-9]00)$/.test(weight)) wrap("strong");
    if (/font-style:\s*(italic|oblique)/.test(style)) wrap("em");
    if (/text-decoration[^;]*line-through/.test(style)) wrap("s");
  }
}

// <p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>1.</span>text</p>
function wordLists(page: Document): void {
  const items = [...page.querySelectorAll("p[data-style*='mso-list']")] as HTMLElement[];
  const stack: { level: number; list: HTMLElement }[] = [];
  let before: Element | null = null;
  for (const item of items) {
    const level = Number(/mso-list:[^;]*level(\d+)/.exec(item.getAttribute("data-style") ?? "")?.[1] ?? 1);
    const mark = item.querySelector("[data-style*='mso-list:Ignore'],[data-style*='mso-list: Ignore']");
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
