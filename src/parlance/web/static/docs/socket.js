// The socket's page, drawn from /asyncapi.json, with a console to talk to this server.

import { Schemas, failed, h, json, loaded, navigation, remember, remembered, sample, words } from "./page.js";

const MOST_LINES = 200;

loaded("/asyncapi.json").then(draw).catch(failed);

function draw(api) {
  const schemas = new Schemas(api);
  const address = Object.values(api.channels)[0].address;
  const frames = Object.entries(api.components.messages).map(([key, message]) => ({
    id: key,
    sent: key.startsWith("client."),
    message,
    payload: schemas.resolve(message.payload),
  }));
  const answers = repliesOf(api, schemas);
  const console_ = new Console(address);
  const groups = [
    { title: "The client sends", frames: frames.filter((frame) => frame.sent) },
    { title: "The server sends", frames: frames.filter((frame) => !frame.sent) },
  ];
  document.getElementById("content").replaceChildren(
    h("header", { id: "about" }, h("h1", {}, api.info.title), h("p", { class: "note" }, `Version ${api.info.version}`), words(api.info.description)),
    h(
      "section",
      {},
      sample("Connect", `${location.origin.replace(/^http/, "ws")}${address}`),
      Object.values(api.channels).map((channel) => words(channel.description)),
    ),
    console_.element,
    ...groups.map((group) =>
      h("section", { class: "group" }, h("h2", {}, group.title), group.frames.map((frame) => drawn(frame, schemas, answers, console_))),
    ),
  );
  navigation([
    { title: "Start", links: [{ id: "about", title: "About" }, { id: "console", title: "Console" }] },
    ...groups.map((group) => ({
      title: group.title,
      links: group.frames.map((frame) => ({
        id: frame.id,
        title: frame.message.name,
        hay: `${frame.message.summary || ""} ${group.title}`,
      })),
    })),
  ]);
}

// What answers what: from each command's name to the keys of the frames that may answer it, and back.
function repliesOf(api) {
  const last = (reference) => reference.$ref.split("/").pop();
  const to = new Map();
  const from = new Map();
  for (const operation of Object.values(api.operations).filter((one) => one.action === "receive")) {
    const replies = (operation.reply?.messages || []).map(last);
    for (const asked of operation.messages.map(last)) {
      to.set(asked, replies);
      for (const reply of replies) from.set(reply, [...(from.get(reply) || []), asked]);
    }
  }
  return { to, from };
}

function drawn({ id, sent, message, payload }, schemas, answers, console_) {
  const data = payload.properties?.data && schemas.resolve(payload.properties.data);
  const others = Object.entries(payload.properties || {}).filter(([name]) => !["type", "data"].includes(name));
  const links = ((sent ? answers.to : answers.from).get(id) || []).map((key) => h("a", { href: `#${key}` }, h("code", {}, key.slice(7))));
  const related = links.flatMap((link, at) => (at ? [", ", link] : [link]));
  const examples = (message.examples || []).map((example) => example.payload);
  return h(
    "article",
    { class: "call", id },
    h(
      "header",
      {},
      h("h3", { class: "mono" }, message.name, h("a", { class: "anchor", href: `#${id}`, "aria-label": "Link to this frame" }, "#")),
      words(message.summary),
      related.length && related.length < 9 ? h("p", { class: "note" }, sent ? "Answered with " : "Answers ", related, ".") : null,
    ),
    h(
      "div",
      {},
      data && Object.keys(data.properties || {}).length ? [h("h4", {}, "In data"), schemas.fields(data, { marks: sent })] : h("p", { class: "note" }, "Carries no data."),
      others.length ? [h("h4", {}, "Beside it"), schemas.fields({ properties: Object.fromEntries(others) }, { marks: false })] : null,
    ),
    h(
      "div",
      { class: "samples" },
      examples.map((example) => sample(sent ? "A frame to send" : "A frame that comes", json(example))),
      sent && examples.length ? h("button", { class: "quiet", type: "button", onclick: () => console_.take(examples[0]) }, "Put it in the console") : null,
    ),
  );
}

// The console: one connection to this server, and what goes both ways on it.

class Console {
  constructor(address) {
    this.address = `${location.origin.replace(/^http/, "ws")}${address}`;
    this.socket = null;
    this.log = h("div", { class: "log", role: "log", tabindex: "0", "aria-label": "Frames" });
    this.frame = h("textarea", { spellcheck: "false", "aria-label": "A frame to send", value: '{"type": "ping", "data": {}}' });
    this.connecting = h("button", { class: "act", type: "button", onclick: () => this.toggle() }, "Connect and log in");
    this.sending = h("button", { class: "act", type: "button", disabled: true, onclick: () => this.send(this.frame.value) }, "Send");
    this.shown = {};
    const input = (name, label, usual) => {
      this.shown[name] = remembered(`socket.${name}`, usual);
      const changed = (event) => {
        this.shown[name] = event.target.value.trim();
        remember(`socket.${name}`, this.shown[name]);
      };
      return h("label", {}, label, h("input", { value: this.shown[name], autocomplete: "off", spellcheck: "false", oninput: changed }));
    };
    this.element = h(
      "section",
      { class: "panel", id: "console" },
      h("h2", {}, "Console"),
      h(
        "div",
        { class: "row" },
        input("app_id", "app_id", remembered("app-id", "666666")),
        input("client_id", "client_id", "lili"),
        input("device_id", "device_id", "browser"),
        input("token", "token, where the app's policy asks for one", remembered("token", "")),
      ),
      h("p", {}, this.connecting),
      this.frame,
      h("p", {}, this.sending),
      this.log,
    );
  }

  take(example) {
    this.frame.value = JSON.stringify(example, null, 2);
    this.element.scrollIntoView();
    this.frame.focus({ preventScroll: true });
  }

  toggle() {
    if (this.socket) {
      this.socket.close();
      return;
    }
    this.socket = new WebSocket(this.address);
    this.socket.onopen = () => {
      this.connecting.textContent = "Disconnect";
      this.sending.disabled = false;
      const data = Object.fromEntries(Object.entries(this.shown).filter(([, value]) => value));
      this.send(JSON.stringify({ type: "login", data }));
    };
    this.socket.onmessage = (event) => this.said("in", event.data);
    this.socket.onclose = (event) => {
      this.said("about", `closed, ${event.code}${event.reason ? ` ${event.reason}` : ""}`);
      this.socket = null;
      this.connecting.textContent = "Connect and log in";
      this.sending.disabled = true;
    };
  }

  send(text) {
    let frame = text;
    try {
      frame = JSON.stringify(JSON.parse(text));
    } catch {
      // Sent as it is: what the server says to it is worth seeing.
    }
    this.socket.send(frame);
    this.said("out", frame);
  }

  said(kind, text) {
    this.log.append(h("div", { class: kind }, text));
    while (this.log.children.length > MOST_LINES) this.log.firstChild.remove();
    this.log.scrollTop = this.log.scrollHeight;
  }
}
