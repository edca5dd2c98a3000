// One person's chat: who it is and how its line is, its conversations, what is said in one of them, and what it says.

import { html, useEffect, useState } from "/static/look/view.js";
import { DIRECT } from "./chat.js";
import { Composer } from "./composer.js";
import { Messages } from "./messages.js";
import { Avatar, Faces, nameOf, otherOf, titleOf } from "./people.js";
import { say } from "./words.js";

export function Pane({ chat, place, taken, onUse, onRecast }) {
  const conversation = chat.conversations.get(chat.showing);
  const [editing, edit] = useState(null);
  useEffect(() => edit(null), [chat, conversation.id]);
  return html`<section
    class="pane"
    data-place=${place}
    aria-label=${nameOf(chat, chat.me)}
    onFocusIn=${onUse}
    onPointerDown=${onUse}
  >
    <${Head} chat=${chat} taken=${taken} onRecast=${onRecast} />
    <${Conversations} chat=${chat} onUse=${onUse} />
    <${Messages} key=${chat.me + conversation.id} chat=${chat} conversation=${conversation} onEdit=${edit} />
    <${Typing} chat=${chat} conversation=${conversation} />
    <${Composer}
      key=${`composer ${chat.me} ${conversation.id}`}
      chat=${chat}
      conversation=${conversation}
      editing=${editing}
      onEdit=${edit}
    />
  </section>`;
}

function Head({ chat, taken, onRecast }) {
  const { state } = chat.line;
  const away = state === "cut" || state === "refused";
  const others = [...chat.people.values()].filter((person) => person.client_id !== taken);
  return html`<header class="head">
    <${Avatar} chat=${chat} client=${chat.me} />
    <div class="who">
      <select
        class="whose"
        aria-label=${say("beIt")}
        value=${chat.me}
        onChange=${(event) => onRecast(chat.people.get(event.target.value))}
      >
        ${others.map((person) => html`<option value=${person.client_id}>${person.nickname}</option>`)}
      </select>
      <span class=${`state ${state}`} role="status">${say(state)}</span>
    </div>
    <button class="quiet outlined" type="button" aria-pressed=${String(away)} onClick=${() => (away ? chat.line.open() : chat.line.cut())}>
      ${say(away ? "mendLine" : "cutLine")}
    </button>
  </header>`;
}

function Conversations({ chat, onUse }) {
  const choose = (id) => {
    chat.show(id);
    onUse();
  };
  return html`<nav class="conversations" aria-label=${say("conversations", nameOf(chat, chat.me))}>
    ${[...chat.conversations.values()].map((conversation) => {
      const unread = chat.unread(conversation);
      const other = otherOf(chat, conversation);
      return html`<button
        key=${conversation.id}
        type="button"
        aria-current=${conversation.id === chat.showing ? "true" : undefined}
        onClick=${() => choose(conversation.id)}
      >
        ${conversation.kind === DIRECT
          ? html`<${Avatar} chat=${chat} client=${other} dot=${Boolean(chat.online[other])} />`
          : html`<${Faces} chat=${chat} clients=${conversation.members} />`}
        <span class="title">${titleOf(chat, conversation)}<small>${about(chat, conversation)}</small></span>
        ${unread > 0 && html`<span class="badge accent" aria-label=${say("unread", unread)}>${unread}</span>`}
      </button>`;
    })}
  </nav>`;
}

function about(chat, conversation) {
  if (chat.line.state !== "open") return say("unknown");
  const others = conversation.members.filter((one) => one !== chat.me);
  if (conversation.kind === DIRECT) return say(chat.online[others[0]] ? "open" : "notHere");
  return say("someOnline", others.filter((one) => chat.online[one]).length + 1, conversation.members.length);
}

function Typing({ chat, conversation }) {
  const names = [...conversation.typing.keys()].map((client) => nameOf(chat, client));
  const words = names.length ? say(names.length > 1 ? "typingMany" : "typing", names.join(say("and"))) : "";
  return html`<p class="typing" aria-live="polite">${words && html`<i></i><i></i><i></i>`} ${words}</p>`;
}
