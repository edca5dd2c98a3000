// What was said: days, bubbles, ticks; older messages come as one scrolls up.

import { html, useEffect, useLayoutEffect, useRef, useState } from "/static/look/view.js";
import { bytes, time } from "/static/look/pieces.js";
import { language } from "/static/look/words.js";
import { DIRECT, decoded, isRecalled } from "./chat.js";
import { Avatar, nameOf, titleOf } from "./people.js";
import { say } from "./words.js";

const TOGETHER = 3 * 60_000;
const NEAR = 80;

export function Messages({ chat, conversation, onEdit }) {
  const box = useRef(null);
  const kept = useRef({ bottom: true, height: 0, first: 0 });
  const { messages, pending, more, loading } = conversation;
  const shown = [...messages, ...pending];

  // At the end one stays at the end; when older messages come in above, what one reads stays where it is. Where nothing
  // has come nothing moves: somebody may have a finger on it.
  useLayoutEffect(() => {
    const { current } = box;
    const first = messages[0]?.seq ?? 0;
    if (current.scrollHeight === kept.current.height) return;
    if (kept.current.bottom) current.scrollTop = current.scrollHeight;
    else if (first < kept.current.first) current.scrollTop += current.scrollHeight - kept.current.height;
    kept.current = { ...kept.current, height: current.scrollHeight, first };
  });
  // What is loaded late, pictures, makes it longer.
  useEffect(() => {
    const { current } = box;
    const watcher = new ResizeObserver(() => {
      if (kept.current.bottom) current.scrollTop = current.scrollHeight;
    });
    watcher.observe(current);
    watcher.observe(current.firstElementChild);
    return () => watcher.disconnect();
  }, []);
  // My own message brings me to the end.
  useLayoutEffect(() => {
    if (!pending.length) return;
    kept.current.bottom = true;
    box.current.scrollTop = box.current.scrollHeight;
  }, [pending.at(-1)?.ref]);

  const scrolled = () => {
    const { scrollTop, scrollHeight, clientHeight } = box.current;
    kept.current.bottom = scrollHeight - scrollTop - clientHeight < NEAR;
    if (scrollTop < NEAR && more && !loading) chat.older(conversation);
  };
  const name = titleOf(chat, conversation);
  return html`<div class="messages" ref=${box} onScroll=${scrolled} tabindex="0" role="log" aria-label=${say("messages", name)}>
    <ol>
      ${more
        ? html`<li class="begin" key="more">
            <button class="quiet" type="button" disabled=${loading} onClick=${() => chat.older(conversation)}>${say("older")}</button>
          </li>`
        : html`<li class="begin" key="begin">${shown.length ? say("beginning") : say("nothingYet")}</li>`}
      ${shown.map((message, at) => html`
        ${isNewDay(shown[at - 1], message) && html`<li class="day" key=${`day ${message.msg_id ?? message.ref}`}>${day(message.ctime)}</li>`}
        <${Message}
          key=${message.ref ?? message.msg_id}
          chat=${chat}
          conversation=${conversation}
          message=${message}
          follows=${follows(shown[at - 1], message)}
          onEdit=${onEdit}
        />`)}
    </ol>
  </div>`;
}

function Message({ chat, conversation, message, follows, onEdit }) {
  const mine = message.from_client === chat.me;
  const recalled = isRecalled(message);
  const fate = chat.fate(conversation, message);
  const readers = chat.readers(conversation, message).map((one) => nameOf(chat, one));
  const words = fate === "read" && conversation.kind === DIRECT ? say("read") : readers.length ? say("readBy", readers.join(say("and"))) : say(fate);
  const mentioned = mentions(message, chat.me);
  return html`<li class=${`message ${mine ? "mine" : "theirs"} ${follows ? "follows" : ""}`} data-seq=${message.seq}>
    ${!mine && html`<${Avatar} chat=${chat} client=${message.from_client} />`}
    <div class="said">
      ${!mine && !follows && conversation.kind !== DIRECT && html`<span class="speaker">${nameOf(chat, message.from_client)}</span>`}
      <div class="line">
        <div class=${`bubble ${mentioned && !mine ? "mentioned" : ""} ${recalled ? "recalled" : ""}`}>
          ${recalled ? say("recalled") : html`<${Content} chat=${chat} message=${message} />`}
        </div>
        ${mine && message.seq && !recalled && html`<${Actions} chat=${chat} conversation=${conversation} message=${message} onEdit=${onEdit} />`}
      </div>
      <span class="about">
        ${time(message.ctime)}
        ${message.mtime && !recalled && html` · ${say("edited")}`}
        ${mine && !recalled && html` <${Fate} fate=${readers.length ? "read" : fate} words=${words} />`}
      </span>
    </div>
  </li>`;
}

const SIGNS = {
  waiting: "M6 1a5 5 0 1 1-.01 0M6 3.2V6l1.8 1.2",
  sent: "M1 6.5 4.2 10 11 2",
  read: "M1 6.5 4.2 10 11 2M8.2 9.4l.6.6 6.8-8",
};

function Fate({ fate, words }) {
  return html`<span class=${`fate ${fate}`} role="img" aria-label=${words} title=${words}>
    <svg viewBox="0 0 17 12" aria-hidden="true"><path d=${SIGNS[fate]} /></svg>
  </span>`;
}

function Actions({ chat, conversation, message, onEdit }) {
  const [open, show] = useState(false);
  const menu = useRef(null);
  const leave = (event) => menu.current.contains(event.relatedTarget) || show(false);
  const escape = (event) => event.key === "Escape" && (show(false), menu.current.querySelector("button").focus());
  return html`<div class="actions" ref=${menu} onFocusOut=${leave} onKeyDown=${escape}>
    <button class="quiet" type="button" aria-label=${say("actions")} aria-expanded=${String(open)} onClick=${() => show(!open)}>⋯</button>
    ${open &&
    html`<div class="menu">
      ${message.type === -1 &&
      html`<button class="quiet" type="button" onClick=${() => (show(false), onEdit(message))}>${say("edit")}</button>`}
      <button class="quiet" type="button" onClick=${() => (show(false), chat.recall(conversation, message))}>${say("recall")}</button>
    </div>`}
  </div>`;
}

const KINDS = { [-2]: "picture", [-3]: "voice", [-4]: "video", [-5]: "place", [-6]: "file" };

function Content({ chat, message }) {
  if (message.type === -1) return html`<${Text} chat=${chat} message=${message} />`;
  const url = ours(message.seq ? decoded(message.url) : message.url);
  const about = (message.seq ? decoded(message.attr) : message.attr) ?? {};
  const name = String(about.name || message.text || say(KINDS[message.type] ?? "file"));
  if (message.type === -2 && url) {
    return html`<a href=${url} target="_blank" rel="noopener"><img class="picture" style=${room(about)} src=${url} alt=${name} /></a>`;
  }
  const size = Number.isFinite(about.size) ? bytes(about.size) : "";
  const shown = html`<span class="sheet" aria-hidden="true"></span><span>${name}<small>${say(KINDS[message.type] ?? "file")} ${size}</small></span>`;
  return url ? html`<a class="file" href=${url} download=${name}>${shown}</a>` : html`<span class="file">${shown}</span>`;
}

// The room a picture takes before it is there.
function room({ width, height }) {
  if (!(width > 0 && height > 0)) return undefined;
  const ratio = Math.min(Math.max(width / height, 0.4), 4);
  return { width: `${Math.min(width / 16, 14 * ratio)}rem`, aspectRatio: String(ratio) };
}

function Text({ chat, message }) {
  const named = decodedMentions(message);
  const names = named.map((client) => `@${nameOf(chat, client)}`);
  if (message.mention_all) names.push(`@${say("everybody")}`, "@everybody", "@所有人");
  if (!names.length) return message.text;
  const pattern = new RegExp(`(${names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})`);
  return message.text.split(pattern).map((part) => (names.includes(part) ? html`<b class="mention">${part}</b>` : part));
}

function decodedMentions(message) {
  const said = message.mention_client_ids;
  return (typeof said === "string" ? decoded(said) : said) ?? [];
}

function mentions(message, me) {
  return Boolean(message.mention_all) || decodedMentions(message).includes(me);
}

// Files of this server only: nothing is loaded from, and nobody sent to, where somebody's message points.
function ours(url) {
  if (typeof url !== "string" || !URL.canParse(url)) return null;
  const { pathname } = new URL(url);
  return pathname.startsWith("/storage/") ? pathname : null;
}

function follows(before, message) {
  return before && !isNewDay(before, message) && before.from_client === message.from_client && message.ctime - before.ctime < TOGETHER;
}

function isNewDay(before, message) {
  return !before || new Date(before.ctime).toDateString() !== new Date(message.ctime).toDateString();
}

function day(ms) {
  if (new Date(ms).toDateString() === new Date().toDateString()) return say("today");
  return new Date(ms).toLocaleDateString(language(), { dateStyle: "medium" });
}
