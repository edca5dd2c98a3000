// What stands behind the chat: the frames on the sockets, and the same conversation through every dialect.

import { html, useEffect, useState } from "/static/look/view.js";
import { CopyButton, Json, Tabs, toast } from "/static/look/pieces.js";
import { FACES, ask, curl } from "./faces.js";
import { Frames } from "./frames.js";
import { nameOf } from "./people.js";
import { say } from "./words.js";

const SETTLED = 250;

export function Behind({ theatre }) {
  const [tab, turnTo] = useState("frames");
  const face = FACES.find((one) => one.name === tab);
  const tabs = [["frames", say("frames")], ...FACES.map((one) => [one.name, one.title])];
  return html`<section class="behind" aria-label=${say("behind")}>
    <${Tabs} tabs=${tabs} chosen=${tab} onChoose=${turnTo} label=${say("behind")} panel="behind" />
    <div class="inside" id="behind" role="tabpanel" tabindex="0" aria-label=${face?.title ?? say("frames")}>
      ${face ? html`<${Face} key=${face.name} face=${face} theatre=${theatre} />` : html`<${Frames} log=${theatre.log} panes=${theatre.panes} />`}
    </div>
  </section>`;
}

function Face({ face, theatre }) {
  const { stage } = theatre;
  const { chat, id } = theatre.last;
  const conversation = chat.conversations.get(id) ?? [...chat.conversations.values()][0];
  const scene = { stage, conversation, person: chat.people.get(chat.me) };
  if (!stage.dialects.includes(face.name)) return html`<p class="empty">${say("off")}</p>`;
  const speak = face.speak?.(scene);
  const title = conversation.name || conversation.members.map((one) => nameOf(chat, one)).join(say("and"));
  return html`
    <h2>${say("seenBy", title, face.title)}</h2>
    <p class="note">${face.about(scene)}</p>
    <${Seen} call=${face.see(scene)} face=${face} fresh=${freshness(theatre, conversation)} />
    ${speak && html`<${Spoken} call=${speak} face=${face} />`}
  `;
}

// Something that is different after anything happened in the conversation.
function freshness(theatre, conversation) {
  const known = theatre.panes.map((chat) => chat.conversations.get(conversation.id)).filter(Boolean);
  const changed = (one) => Math.max(0, ...one.messages.map((each) => each.mtime ?? 0));
  return known.map((one) => `${one.name} ${one.lastSeq} ${one.readSeq} ${changed(one)}`).join();
}

function Seen({ call, face, fresh }) {
  const [answer, answered] = useState(null);
  const command = curl(call);
  useEffect(() => {
    let over = false;
    // Not for every one of several changes at once.
    const later = setTimeout(async () => {
      const got = await ask(call).catch((error) => ({ status: 0, value: error.message }));
      if (!over) answered(got);
    }, answer ? SETTLED : 0);
    return () => {
      over = true;
      clearTimeout(later);
    };
  }, [command, fresh]);
  return html`
    <${Sample} title=${say("see")} what=${say("seeWhat", face.title)} command=${command} />
    <div class="sample" aria-live="off">
      <div><span>${say("answer")}</span>${answer && html`<span class=${`status ${answer.status < 400 ? "right" : "wrong"}`}>${answer.status}</span>`}</div>
      <pre class="answer" tabindex="0">${answer && html`<${Json} value=${answer.value} />`}</pre>
    </div>
  `;
}

function Spoken({ call, face }) {
  const [running, run] = useState(false);
  const speak = async () => {
    run(true);
    try {
      const { status, value } = await ask(call);
      if (status >= 400) toast(JSON.stringify(value), "wrong");
    } catch (error) {
      toast(error.message, "wrong");
    } finally {
      run(false);
    }
  };
  return html`<${Sample} title=${say(face.deed ?? "speak")} what=${say("speakWhat", face.title)} command=${curl(call)}>
    <button class="quiet" type="button" disabled=${running} onClick=${speak}>${say("run")}</button>
  </${Sample}>`;
}

function Sample({ title, what, command, children }) {
  return html`<div class="sample">
    <div><span>${title}</span><span>${children}<${CopyButton} text=${command} what=${what} /></span></div>
    <pre class="command" tabindex="0"><code>${command}</code></pre>
  </div>`;
}
