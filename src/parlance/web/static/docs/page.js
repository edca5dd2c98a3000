// What both API pages share: building elements, drawing schemas and JSON, the navigation, the theme.
// Nothing is ever put on the page as HTML: every text is a text node.

import { nextTheme, theme, themeSign } from "/static/look/theme.js";

export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

// Paragraphs, lists of "- ", and `code`: all the markup that descriptions use.
export function words(text) {
  if (!text) return [];
  return text.split(/\n{2,}/).map((block) => {
    const lines = block.split("\n");
    if (lines.every((line) => line.startsWith("- "))) {
      return h("ul", {}, lines.map((line) => h("li", {}, spans(line.slice(2)))));
    }
    return h("p", {}, spans(block));
  });
}

export function spans(text) {
  return text.split(/(`[^`]+`)/).map((part) =>
    part.startsWith("`") && part.length > 2 ? h("code", {}, part.slice(1, -1)) : part,
  );
}

// JSON in colours.
export function json(value) {
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  const code = h("code", {});
  const token = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|\b(true|false|null)\b/g;
  let end = 0;
  for (const found of text.matchAll(token)) {
    code.append(text.slice(end, found.index));
    const kind = found[1] ? (found[2] ? "k" : "s") : found[3] ? "n" : "w";
    code.append(h("span", { class: kind }, found[1] || found[0]), found[1] && found[2] ? found[2] : "");
    end = found.index + found[0].length;
  }
  code.append(text.slice(end));
  return code;
}

export function sample(title, content, copied) {
  const code = typeof content === "string" ? h("code", {}, content) : content;
  const button = h("button", { class: "quiet", type: "button", "aria-label": `Copy: ${textOf(title)}` }, "Copy");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(copied ? copied() : code.textContent);
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Copy"), 1500);
  });
  return h("div", { class: "sample" }, h("div", {}, h("span", {}, title), button), h("pre", { tabindex: "0" }, code));
}

function textOf(title) {
  return typeof title === "string" ? title : title.textContent;
}

// Schemas

export class Schemas {
  constructor(root) {
    this.root = root;
  }

  resolve(schema) {
    let found = schema || {};
    for (let hops = 0; found.$ref && hops < 20; hops += 1) {
      const path = found.$ref.replace(/^#\//, "").split("/");
      found = path.reduce((at, name) => (at || {})[name.replaceAll("~1", "/").replaceAll("~0", "~")], this.root) || {};
    }
    return found;
  }

  // "string", "integer or null", "list of string", "0 or 1"
  kind(schema) {
    const found = this.resolve(schema);
    if (found.const !== undefined) return JSON.stringify(found.const);
    if (found.enum) return found.enum.map((value) => JSON.stringify(value)).join(" or ");
    const alternatives = found.anyOf || found.oneOf;
    if (alternatives) return alternatives.map((one) => this.kind(one)).join(" or ");
    if (found.type === "array") return `list of ${found.items ? this.kind(found.items) : "anything"}`;
    if (Array.isArray(found.type)) return found.type.join(" or ");
    if (found.format === "binary") return "file";
    return found.type || "anything";
  }

  // The schemas with fields of their own in a schema: itself, its items, its alternatives.
  inner(schema) {
    const found = this.resolve(schema);
    if (found.properties && Object.keys(found.properties).length) return [found];
    if (found.type === "array" && found.items) return this.inner(found.items);
    return (found.anyOf || found.oneOf || []).flatMap((one) => this.inner(one));
  }

  // `marks`: whether to say which fields are required, as of what is sent, but not of what comes.
  fields(schema, { marks = true, depth = 0 } = {}) {
    const found = this.resolve(schema);
    const needed = new Set(marks ? found.required || [] : []);
    return h(
      "table",
      { class: "fields" },
      h(
        "tbody",
        {},
        Object.entries(found.properties || {}).map(([name, field]) => this.field(name, field, needed.has(name), { marks, depth })),
      ),
    );
  }

  field(name, schema, needed, { marks = true, depth = 0 } = {}) {
    const resolved = this.resolve(schema);
    const inside = depth < 4 ? this.inner(schema) : [];
    const usual = resolved.default;
    const name_ = [
      h("code", {}, name),
      h("span", { class: "kind" }, this.kind(schema)),
      needed && h("span", { class: "needed" }, "required"),
    ];
    const said = [
      words(schema.description || (inside.length ? "" : resolved.description)),
      usual !== undefined && usual !== null && !["[]", '""'].includes(JSON.stringify(usual))
        ? h("span", { class: "note" }, "Usually ", h("code", {}, JSON.stringify(usual)), ".")
        : null,
    ].flat(9).filter(Boolean);
    const within = inside.map((one) =>
      h("details", { open: depth === 0 }, h("summary", {}, "Fields"), this.fields(one, { marks, depth: depth + 1 })),
    );
    return said.length && !within.length
      ? h("tr", {}, h("td", { class: "field" }, name_), h("td", {}, said))
      : h("tr", {}, h("td", { class: "field", colspan: "2" }, name_, said, within));
  }
}

// The navigation: groups of links, a search over them, arrow keys, and the place one is reading.

export function navigation(groups) {
  const list = document.getElementById("nav");
  const search = document.getElementById("search");
  const side = document.getElementById("side");
  const nothing = h("p", { class: "none", hidden: true }, "Nothing by that name.");
  const entries = [];
  for (const group of groups) {
    const items = group.links.map((link) => {
      const anchor = h("a", { href: `#${link.id}` }, link.badge || null, h("span", {}, link.title));
      const item = h("li", {}, anchor);
      entries.push({ item, anchor, id: link.id, hay: `${link.title} ${link.hay || ""}`.toLowerCase(), group });
      return item;
    });
    group.element = h("section", {}, h("h2", {}, group.title), h("ul", {}, items));
    list.append(group.element);
  }
  list.append(nothing);

  search.addEventListener("input", () => {
    const asked = search.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    for (const entry of entries) entry.item.hidden = !asked.every((word) => entry.hay.includes(word));
    for (const group of groups) group.element.hidden = !entries.some((entry) => entry.group === group && !entry.item.hidden);
    nothing.hidden = entries.some((entry) => !entry.item.hidden);
  });

  const visible = () => entries.filter((entry) => !entry.item.hidden).map((entry) => entry.anchor);
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      side.classList.add("open");
      search.focus();
      search.select();
    } else if (event.key === "Escape" && document.activeElement === search) {
      search.value = "";
      search.dispatchEvent(new Event("input"));
      search.blur();
      side.classList.remove("open");
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && side.contains(document.activeElement)) {
      const anchors = visible();
      const at = anchors.indexOf(document.activeElement);
      const next = event.key === "ArrowDown" ? at + 1 : at - 1;
      event.preventDefault();
      (next < 0 ? search : anchors[Math.min(next, anchors.length - 1)] || search).focus();
    } else if (event.key === "Enter" && document.activeElement === search) {
      const [first] = visible();
      if (first) first.click();
    }
  });

  const menu = document.getElementById("menu");
  const show = (open) => {
    side.classList.toggle("open", open);
    menu.setAttribute("aria-expanded", String(open));
  };
  menu.addEventListener("click", () => show(!side.classList.contains("open")));
  list.addEventListener("click", (event) => event.target.closest("a") && show(false));

  const mark = (id) => {
    for (const entry of entries) {
      if (entry.id === id) entry.anchor.setAttribute("aria-current", "location");
      else entry.anchor.removeAttribute("aria-current");
    }
  };
  const watcher = new IntersectionObserver(
    (seen) => {
      const top = seen.filter((one) => one.isIntersecting).sort((a, b) => a.boundingClientRect.top - b.boundingClientRect.top)[0];
      if (top) mark(top.target.id);
    },
    { rootMargin: "-15% 0px -70% 0px" },
  );
  for (const entry of entries) {
    const target = document.getElementById(entry.id);
    if (target) watcher.observe(target);
  }
  if (location.hash) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView({ behavior: "instant" });
}

// What a visitor fills in to try things; kept for this tab only.

export function remembered(name, usual) {
  return sessionStorage.getItem(`parlance.${name}`) ?? usual;
}

export function remember(name, value) {
  sessionStorage.setItem(`parlance.${name}`, value);
}

export async function loaded(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
  return answer.json();
}

export function failed(error) {
  document.getElementById("content").replaceChildren(
    h("h1", {}, "This page could not be drawn"),
    h("p", {}, "The description it is made from did not come: ", h("code", {}, String(error.message || error)), "."),
  );
}

const button = document.getElementById("theme");

function said() {
  button.textContent = themeSign();
  button.setAttribute("aria-label", `Colours: ${theme()}. Change.`);
  button.title = `Colours: ${theme()}`;
}

button?.addEventListener("click", () => {
  nextTheme();
  said();
});
if (button) said();
