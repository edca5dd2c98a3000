// The small pieces that every page uses.

import { html, useEffect, useRef, useState } from "./view.js";
import { nextTheme, theme, themeSign } from "./theme.js";
import { choose, language, words } from "./words.js";

const say = words({
  copy: ["Copy", "复制"],
  copied: ["Copied", "已复制"],
  copyWhat: [(what) => `Copy: ${what}`, (what) => `复制：${what}`],
  close: ["Close", "关闭"],
  colours: [(chosen) => `Colours: ${chosen}. Change.`, (chosen) => `配色：${chosen}。更换`],
  auto: ["as the machine has it", "跟随系统"],
  light: ["light", "浅色"],
  dark: ["dark", "深色"],
  pages: ["Pages", "页面"],
});

// The head of a page. `links`: [address, words] each; `here`: the address of this page. Children stand at the end.
export function Bar({ links = [], here, children }) {
  return html`<header class="bar">
    <a class="name" href="/" aria-label="Parlance"><img src="/static/look/favicon.svg" alt="" /><span>Parlance</span></a>
    <nav aria-label=${say("pages")}>
      ${links.map(
        ([address, text]) =>
          html`<a key=${address} href=${address} aria-current=${address === here ? "page" : undefined}>${text}</a>`,
      )}
    </nav>
    <span class="space"></span>
    ${children}
    <${LanguageButton} />
    <${ThemeButton} />
  </header>`;
}

export function ThemeButton() {
  const [, turn] = useState(0);
  const change = () => {
    nextTheme();
    turn((times) => times + 1);
  };
  const about = say("colours", say(theme()));
  return html`<button class="quiet" type="button" aria-label=${about} title=${about} onClick=${change}>${themeSign()}</button>`;
}

export function LanguageButton() {
  const [other, name, short] = language() === "en" ? ["zh-CN", "中文", "中文"] : ["en", "English", "EN"];
  return html`<button class="quiet" type="button" lang=${other} aria-label=${name} onClick=${() => choose(other)}>${short}</button>`;
}

// `text`: what is copied. `what`: what a reader of the page is told it is.
export function CopyButton({ text, what = "" }) {
  const [copied, done] = useState(false);
  const waiting = useRef(0);
  useEffect(() => () => clearTimeout(waiting.current), []);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    done(true);
    clearTimeout(waiting.current);
    waiting.current = setTimeout(() => done(false), 1500);
  };
  return html`<button class="quiet" type="button" aria-label=${what && say("copyWhat", what)} onClick=${copy}>
    ${say(copied ? "copied" : "copy")}
  </button>`;
}

// Tabs: `tabs` are [name, words] each; arrow keys go from one to the next. `panel` is the id of what they show.
export function Tabs({ tabs, chosen, onChoose, label, panel }) {
  const list = useRef(null);
  const move = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = tabs.findIndex(([name]) => name === chosen);
    const next = (at + step + tabs.length) % tabs.length;
    onChoose(tabs[next][0]);
    list.current.children[next].focus();
  };
  return html`<div class="tabs" role="tablist" aria-label=${label} ref=${list} onKeyDown=${move}>
    ${tabs.map(
      ([name, text]) =>
        html`<button
          key=${name}
          type="button"
          role="tab"
          aria-selected=${String(name === chosen)}
          aria-controls=${panel}
          tabindex=${name === chosen ? 0 : -1}
          onClick=${() => onChoose(name)}
        >
          ${text}
        </button>`,
    )}
  </div>`;
}

// A dialog that is open while it is drawn. `onClose` is called for Escape, too.
export function Dialog({ title, onClose, children }) {
  const dialog = useRef(null);
  useEffect(() => {
    const shown = dialog.current;
    shown.showModal();
    return () => shown.close();
  }, []);
  const cancel = (event) => {
    event.preventDefault();
    onClose();
  };
  return html`<dialog ref=${dialog} aria-label=${title} onCancel=${cancel}>
    <h2>${title}</h2>
    ${children}
  </dialog>`;
}

// Short news at the foot of the page. `kind`: "" or "wrong".
const toasts = { shown: [], listener: () => {}, number: 0 };

export function toast(text, kind = "") {
  const one = { text, kind, number: ++toasts.number };
  toasts.shown = [...toasts.shown.slice(-2), one];
  toasts.listener();
  setTimeout(() => {
    toasts.shown = toasts.shown.filter((other) => other !== one);
    toasts.listener();
  }, 5000);
}

export function Toasts() {
  const [, turn] = useState(0);
  useEffect(() => {
    toasts.listener = () => turn((times) => times + 1);
    return () => (toasts.listener = () => {});
  }, []);
  return html`<div class="toasts" role="status" aria-live="polite">
    ${toasts.shown.map(({ text, kind, number }) => html`<div key=${number} class=${`toast ${kind}`}>${text}</div>`)}
  </div>`;
}

// Times and sizes, as the chosen language writes them.

export function time(ms) {
  return new Date(ms).toLocaleTimeString(language(), { hour: "2-digit", minute: "2-digit" });
}

export function moment(ms) {
  return new Date(ms).toLocaleString(language(), { dateStyle: "medium", timeStyle: "medium" });
}

export function bytes(count) {
  const unit = ["byte", "kilobyte", "megabyte", "gigabyte"];
  const step = Math.min(Math.floor(Math.log2(Math.max(count, 1)) / 10), unit.length - 1);
  const written = { style: "unit", unit: unit[step], unitDisplay: "short", maximumFractionDigits: 1 };
  return new Intl.NumberFormat(language(), written).format(count / 1024 ** step);
}

// JSON in colours.
const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|\b(true|false|null)\b/g;

export function Json({ value }) {
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  const parts = [];
  let end = 0;
  for (const found of text.matchAll(TOKEN)) {
    parts.push(text.slice(end, found.index));
    const kind = found[1] ? (found[2] ? "k" : "s") : found[3] ? "n" : "w";
    parts.push(html`<span class=${kind}>${found[1] || found[0]}</span>`, found[2] || "");
    end = found.index + found[0].length;
  }
  return html`<code>${parts}${text.slice(end)}</code>`;
}
