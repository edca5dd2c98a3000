// The frames as they pass: a log, and how it is drawn.

import { html, useEffect, useReducer, useState } from "/static/look/view.js";
import { Json } from "/static/look/pieces.js";
import { language } from "/static/look/words.js";
import { say } from "./words.js";

const MOST = 300;

export class FrameLog {
  constructor() {
    this.frames = [];
    this.count = 0;
    this.listener = () => {};
  }

  add(who, direction, frame) {
    this.frames = [...this.frames.slice(1 - MOST), { number: ++this.count, at: Date.now(), who, direction, frame }];
    this.listener();
  }

  clear() {
    this.frames = [];
    this.listener();
  }
}

export function Frames({ log, panes }) {
  const [, turn] = useReducer((times) => times + 1, 0);
  const [only, choose] = useState("");
  useEffect(() => {
    log.listener = turn;
    return () => (log.listener = () => {});
  }, []);
  const people = panes.map((chat) => chat.people.get(chat.me));
  const shown = log.frames.filter((one) => !only || one.who === only).reverse();
  return html`
    <p class="note">${say("framesAbout")}</p>
    <div class="row tools" role="group" aria-label=${say("only")}>
      ${[["", say("both")], ...people.map((one) => [one.client_id, one.nickname])].map(
        ([who, name]) =>
          html`<button key=${who} class="quiet" type="button" aria-pressed=${String(only === who)} onClick=${() => choose(who)}>${name}</button>`,
      )}
      <span class="space"></span>
      <button class="quiet" type="button" onClick=${() => log.clear()}>${say("clear")}</button>
    </div>
    ${shown.length === 0 && html`<p class="empty">${say("framesNone")}</p>`}
    <ol class="frames">
      ${shown.map((one) => html`<${Frame} key=${one.number} one=${one} person=${panes[0].people.get(one.who)} />`)}
    </ol>
  `;
}

function Frame({ one: { at, direction, frame }, person }) {
  const [open, show] = useState(false);
  const whose = say(direction === "out" ? "sentBy" : "gotBy", person.nickname);
  return html`<li class=${direction}>
    <button type="button" aria-expanded=${String(open)} onClick=${() => show(!open)}>
      <span class="way" role="img" aria-label=${whose} title=${whose}>${direction === "out" ? "↑" : "↓"}</span>
      <span class="whose">${person.nickname}</span>
      <b>${frame.type}</b>
      <span class="gist">${gist(frame)}</span>
      <time>${clock(at)}</time>
    </button>
    ${open && html`<pre tabindex="0"><${Json} value=${hidden(frame)} /></pre>`}
  </li>`;
}

// What is most telling of a frame, in a few words.
function gist({ type, msg, data = {} }) {
  if (type === "error") return msg;
  if (type === "sync") return data.conversations ? say("changed", data.conversations.length) : `since ${data.since}`;
  if (data.messages) return say("listed", data.messages.length);
  if (data.clients) return Object.entries(data.clients).map(([who, here]) => `${who} ${here ? "●" : "○"}`).join(" ");
  return data.text ?? (data.seq ? `#${data.seq}` : "");
}

// A token is a secret, even here, where everybody is at home.
function hidden(frame) {
  if (!frame.data?.token) return frame;
  return { ...frame, data: { ...frame.data, token: `${frame.data.token.slice(0, 12)}…` } };
}

function clock(ms) {
  const written = { hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3, hourCycle: "h23" };
  return new Date(ms).toLocaleTimeString(language(), written);
}
