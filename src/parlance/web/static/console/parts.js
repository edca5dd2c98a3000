// What several views of the console are made of.

import { html, useCallback, useEffect, useRef, useState } from "../look/view.js";
import { Dialog, toast } from "../look/pieces.js";
import { language, words } from "../look/words.js";
import { Refused, ask } from "./api.js";

export const say = words({
  loading: ["One moment…", "请稍候…"],
  again: ["Try again", "重试"],
  cancel: ["Cancel", "取消"],
  search: ["Search", "搜索"],
  newer: ["Newer", "较新"],
  older: ["Older", "较早"],
  previous: ["Previous", "上一页"],
  next: ["Next", "下一页"],
  pageOf: [(page, pages, total) => `Page ${page} of ${pages} · ${total} in all`, (page, pages, total) => `第 ${page}/${pages} 页，共 ${total} 条`],
  typeToConfirm: [(what) => `Type “${what}” to go on`, (what) => `输入“${what}”以继续`],
  now: ["now", "刚刚"],
  direct: ["two people", "单聊"],
  temporary: ["temporary", "临时会话"],
  group: ["group", "群聊"],
  room: ["chat room", "聊天室"],
  system: ["the app's own", "系统会话"],
  service: ["service", "服务号"],
  pages: ["Pages", "分页"],
});

const KINDS = { 1: "direct", 2: "temporary", 3: "group", 4: "room", 5: "system", 6: "service" };

export function kindName(kind) {
  return KINDS[kind] ? say(KINDS[kind]) : String(kind);
}

// What an address answers, kept up to date: [what, error, ask again]. `every`: milliseconds between two looks.
// While a server is away the last answer stays, and it is asked again; a view that has gone asks no more.
export function useAnswer(path, every = 0) {
  const [state, settle] = useState({ path: null, answer: null, error: null });
  const turn = useRef(0);
  const waiting = useRef(0);
  const load = useCallback(async () => {
    const mine = ++turn.current;
    clearTimeout(waiting.current);
    let again = every;
    try {
      const answer = await ask("GET", path);
      if (mine === turn.current) settle({ path, answer, error: null });
    } catch (error) {
      if (mine !== turn.current) return;
      if (error instanceof Refused) settle({ path, answer: null, error });
      again = error instanceof Refused ? 0 : 1500;
    }
    if (mine === turn.current && again) waiting.current = setTimeout(load, again);
  }, [path, every]);
  useEffect(() => {
    load();
    return () => {
      turn.current += 1;
      clearTimeout(waiting.current);
    };
  }, [load]);
  // Another page of the same list: the one before stays until it is there.
  const fresh = state.path?.split("?")[0] === path.split("?")[0];
  return [fresh ? state.answer : null, fresh ? state.error : null, load];
}

// What is drawn of an answer when it is there, and what until then.
export function Answer({ of: [answer, error, load], children }) {
  if (error) {
    return html`<div class="panel trouble" role="alert">
      <p>${error.message}</p>
      <button class="quiet outlined" type="button" onClick=${load}>${say("again")}</button>
    </div>`;
  }
  if (!answer) return html`<p class="empty" role="status">${say("loading")}</p>`;
  return children(answer);
}

// Do something, and say in a word what came of it; answers what the server says, or null.
export async function tried(doing, done) {
  try {
    const said = await doing();
    if (done) toast(typeof done === "function" ? done(said) : done);
    return said;
  } catch (error) {
    if (error instanceof Refused) toast(error.message, "wrong");
    return null;
  }
}

// Ask before something is done that cannot be undone. `typed`: what has to be typed first.
export function Confirm({ title, text, act, typed = "", onClose, onDo }) {
  const [given, type] = useState("");
  const [busy, work] = useState(false);
  const submit = async (event) => {
    event.preventDefault();
    work(true);
    await onDo();
    onClose();
  };
  return html`<${Dialog} title=${title} onClose=${onClose}>
    <form onSubmit=${submit}>
      <p>${text}</p>
      ${typed &&
      html`<label class="field"
        >${say("typeToConfirm", typed)}
        <input autocomplete="off" spellcheck="false" value=${given} onInput=${(event) => type(event.target.value)} />
      </label>`}
      <div class="actions">
        <button class="quiet" type="button" onClick=${onClose}>${say("cancel")}</button>
        <button class="danger" type="submit" disabled=${busy || (typed && given !== typed)}>${act}</button>
      </div>
    </form>
  <//>`;
}

// A field to look for something: asks when somebody stops typing.
export function Search({ value, label, onSearch }) {
  const [typed, type] = useState(value);
  const waiting = useRef(0);
  const latest = useRef(onSearch);
  latest.current = onSearch;
  useEffect(() => type(value), [value]);
  useEffect(() => () => clearTimeout(waiting.current), []);
  const change = (event) => {
    const text = event.target.value;
    type(text);
    clearTimeout(waiting.current);
    waiting.current = setTimeout(() => latest.current(text.trim()), 350);
  };
  return html`<input type="search" class="search" aria-label=${label} placeholder=${label} value=${typed} onInput=${change} />`;
}

export function Pager({ page, pages, total, onPage }) {
  return html`<nav class="pager row" aria-label=${say("pages")}>
    <button class="quiet outlined" type="button" disabled=${page <= 1} onClick=${() => onPage(page - 1)}>${say("previous")}</button>
    <span class="note">${say("pageOf", page, pages, total.toLocaleString(language()))}</span>
    <button class="quiet outlined" type="button" disabled=${page >= pages} onClick=${() => onPage(page + 1)}>${say("next")}</button>
  </nav>`;
}

// The head of a view: where it is, what it is called, and what can be done there.
export function Head({ title, above = [], children }) {
  return html`<header class="head">
    ${above.length > 0 && html`<p class="above">${above.map(([href, text]) => html`<a key=${href} href=${href}>${text}</a><span aria-hidden="true"> / </span>`)}</p>`}
    <div class="row">
      <h1 tabindex="-1">${title}</h1>
      <span class="space"></span>
      ${children}
    </div>
  </header>`;
}

// A row of small facts: [words, value] each; what is empty is left out.
export function Facts({ of }) {
  return html`<dl class="facts">
    ${of
      .filter(([, value]) => value !== "" && value !== null && value !== undefined)
      .map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}
  </dl>`;
}

// When something was: the time alone if it was today.
export function When({ ms }) {
  if (!ms) return html`<span>–</span>`;
  const date = new Date(ms);
  const today = date.toDateString() === new Date().toDateString();
  const how = today ? { timeStyle: "medium" } : { dateStyle: "medium", timeStyle: "short" };
  const exact = `${date.toLocaleDateString(language())} ${date.toLocaleTimeString(language(), { hour12: false })}.${String(ms % 1000).padStart(3, "0")}`;
  return html`<time dateTime=${date.toISOString()} title=${exact}>${date.toLocaleString(language(), how)}</time>`;
}

// An address within the console.
export function place(...parts) {
  return `#/${parts.map(encodeURIComponent).join("/")}`;
}

// Save something as a file.
export function download(path) {
  const link = document.createElement("a");
  link.href = path;
  link.download = "";
  document.body.append(link);
  link.click();
  link.remove();
}
