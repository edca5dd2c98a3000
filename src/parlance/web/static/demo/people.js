// People and conversations, as they are called and drawn.

import { html } from "/static/look/view.js";
import { DIRECT } from "./chat.js";
import { say } from "./words.js";

export function nameOf(chat, client) {
  return chat.people.get(client)?.nickname || client;
}

export function titleOf(chat, conversation) {
  if (conversation.kind !== DIRECT) return conversation.name || conversation.members.map((one) => nameOf(chat, one)).join(say("and"));
  return nameOf(chat, otherOf(chat, conversation));
}

export function otherOf(chat, conversation) {
  return conversation.members.find((one) => one !== chat.me);
}

// The first letter, on a colour that stays the same for the same person.
export function Avatar({ chat, client, dot }) {
  const colour = Math.max(0, [...chat.people.keys()].indexOf(client)) % 4;
  const letter = [...nameOf(chat, client)][0]?.toUpperCase() ?? "?";
  return html`<span class=${`avatar colour${colour}`} aria-hidden="true">
    ${letter}${dot !== undefined && html`<i class=${dot ? "dot on" : "dot"}></i>`}
  </span>`;
}

export function Faces({ chat, clients }) {
  return html`<span class="faces" aria-hidden="true">
    ${clients.slice(0, 4).map((client) => html`<${Avatar} key=${client} chat=${chat} client=${client} />`)}
  </span>`;
}
