// Where one writes: text, people to be mentioned, pictures and files; and where one changes what was written.

import { html, useId, useLayoutEffect, useRef, useState } from "/static/look/view.js";
import { toast } from "/static/look/pieces.js";
import { DIRECT } from "./chat.js";
import { nameOf, titleOf } from "./people.js";
import { say } from "./words.js";

const TEXT = -1;
const PICTURE = -2;
const FILE = -6;

export function Composer({ chat, conversation, editing, onEdit }) {
  const [text, write] = useState("");
  const [mentioned, mention] = useState([]);
  const [uploading, upload] = useState("");
  const field = useRef(null);
  const file = useRef(null);
  const choice = useMentions(chat, conversation, text, field);
  const list = useId();

  // At once, not after the next picture: the next key may be pressed before that.
  useLayoutEffect(() => {
    if (!editing) return;
    write(editing.text);
    field.current.focus();
  }, [editing]);
  useLayoutEffect(() => {
    field.current.style.height = "auto";
    field.current.style.height = `${Math.min(field.current.scrollHeight + 2, 140)}px`;
  }, [text]);

  const clear = () => {
    write("");
    mention([]);
    onEdit(null);
  };
  const send = () => {
    const said = text.trim();
    if (!said) return;
    if (editing) chat.edit(conversation, editing, said);
    else chat.say(conversation, { type: TEXT, text: said, ...namedIn(said, mentioned) });
    clear();
  };
  const choose = (client) => {
    const name = client === null ? say("everybody") : nameOf(chat, client);
    const start = text.slice(0, choice.at);
    write(`${start}@${name} ${text.slice(choice.end)}`);
    mention([...mentioned, [client, `@${name}`]]);
    field.current.focus();
  };
  const pressed = (event) => {
    if (choice.press(event, choose)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      send();
    } else if (event.key === "Escape" && editing) {
      clear();
    } else if (event.key === "ArrowUp" && !text && !conversation.pending.length) {
      const last = conversation.messages.findLast((one) => one.from_client === chat.me && one.type === TEXT && one.text);
      if (last) (event.preventDefault(), onEdit(last));
    }
  };
  const typed = (event) => {
    write(event.target.value);
    if (!editing && event.target.value) chat.type(conversation);
  };
  const attached = async (chosen) => {
    for (const one of chosen) {
      upload(one.name);
      try {
        chat.say(conversation, await stored(chat, one));
      } catch (error) {
        toast(say("notUploaded", one.name, error.message), "wrong");
      }
    }
    upload("");
    if (file.current) file.current.value = "";
  };
  const pasted = (event) => {
    if (!event.clipboardData.files.length) return;
    event.preventDefault();
    attached([...event.clipboardData.files]);
  };
  return html`<form class="composer" onSubmit=${(event) => (event.preventDefault(), send())}>
    ${editing && html`<p class="note">${say("editing")} <button class="quiet" type="button" onClick=${clear}>${say("cancel")}</button></p>`}
    ${uploading && html`<p class="note" role="status">${say("uploading", uploading)}</p>`}
    ${choice.people.length > 0 &&
    html`<ul class="choice" role="listbox" id=${list} aria-label=${say("mention")}>
      ${choice.people.map(
        ([client, name], at) =>
          html`<li
            role="option"
            id=${`${list}-${at}`}
            key=${name}
            aria-selected=${String(at === choice.chosen)}
            onPointerDown=${(event) => (event.preventDefault(), choose(client))}
          >
            @${name}
          </li>`,
      )}
    </ul>`}
    <div class="row">
      <input ref=${file} type="file" multiple hidden onChange=${(event) => attached([...event.target.files])} />
      <button class="quiet clip" type="button" aria-label=${say("attach")} title=${say("attach")} onClick=${() => file.current.click()}>
        <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 5v14M5 12h14" /></svg>
      </button>
      <textarea
        ref=${field}
        rows="1"
        value=${text}
        placeholder=${say("writeHere")}
        aria-label=${say("write", titleOf(chat, conversation))}
        aria-haspopup="listbox"
        aria-controls=${choice.people.length ? list : undefined}
        aria-autocomplete="list"
        aria-activedescendant=${choice.people.length ? `${list}-${choice.chosen}` : undefined}
        onInput=${typed}
        onKeyDown=${pressed}
        onPaste=${pasted}
      ></textarea>
      <button class="act" type="submit" disabled=${!text.trim()}>${say(editing ? "save" : "send")}</button>
    </div>
  </form>`;
}

// Who may be meant by the "@…" before the cursor, and the keys that choose one.
function useMentions(chat, conversation, text, field) {
  const [chosen, point] = useState(0);
  const [closed, close] = useState(-1);
  const end = field.current?.selectionStart ?? text.length;
  const [whole, asked] = /(?:^|\s)@(\S*)$/.exec(text.slice(0, end)) ?? [];
  const at = whole === undefined ? -1 : end - asked.length - 1;
  const everybody = [null, say("everybody")];
  const all = conversation.members.filter((one) => one !== chat.me).map((one) => [one, nameOf(chat, one)]);
  const wanted = asked?.toLowerCase();
  const people =
    conversation.kind === DIRECT || at < 0 || at === closed
      ? []
      : [...all, everybody].filter(([, name]) => name.toLowerCase().startsWith(wanted));
  const press = (event, choose) => {
    if (!people.length || event.isComposing) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const here = Math.min(chosen, people.length - 1);
    if (step) point((here + step + people.length) % people.length);
    else if (event.key === "Enter" || event.key === "Tab") (choose(people[here][0]), point(0));
    else if (event.key === "Escape") close(at);
    else return false;
    event.preventDefault();
    return true;
  };
  return { people, at, end, chosen: Math.min(chosen, people.length - 1), press };
}

// Of those who were chosen, who is still named in the text.
function namedIn(text, mentioned) {
  const named = mentioned.filter(([, words]) => text.includes(words)).map(([client]) => client);
  const people = [...new Set(named.filter((client) => client !== null))];
  return { mention_client_ids: people.length ? people : undefined, mention_all: named.includes(null) ? 1 : undefined };
}

// Bring a file to the server; answers the message that shows it.
async function stored(chat, file) {
  const form = new FormData();
  form.append("file", file);
  const { login } = chat.line;
  const headers = { "app-id": login.app_id, Authorization: `Bearer ${login.token}` };
  const answer = await fetch("/im/file/upload", { method: "POST", headers, body: form });
  const { code, message, data } = await answer.json();
  if (code !== 0) throw new Error(message);
  const about = { name: file.name, size: file.size };
  if (!file.type.startsWith("image/")) return { type: FILE, url: data, attr: about };
  return { type: PICTURE, url: data, attr: { ...about, ...(await measured(file)) } };
}

// How large a picture is, so that room can be kept for it; nothing, if the browser cannot tell.
async function measured(file) {
  try {
    const { width, height } = await createImageBitmap(file);
    return { width, height };
  } catch {
    return {};
  }
}
