// What one person knows: conversations, messages, who has read how far, who is there. It is what a client app keeps.
// `changed` is called after anything is different; components then draw what they find here.

import { Line } from "./line.js";

export const DIRECT = 1;
const PAGE = 30;
const AGAIN = 2000;
const TYPING_LASTS = 4000;
const TYPING_EVERY = 2500;
const RECALLED = 3;

export class Chat {
  constructor({ stage, person, conversations, passed, refused, renamed }) {
    this.me = person.client_id;
    this.people = new Map(stage.people.map((one) => [one.client_id, one]));
    this.conversations = new Map(conversations.map((one) => [one.id, { ...one, ...nothingYet(this.me, one.id) }]));
    this.online = {};
    this.since = 0;
    this.showing = null;
    this.seen = true;
    this.refused = refused;
    this.renamed = renamed;
    this.listeners = new Set();
    const device = crypto.randomUUID();
    this.line = new Line({
      login: { app_id: stage.app_id, client_id: this.me, device_id: device, token: person.token },
      passed: (direction, frame) => passed(this.me, direction, frame),
      told: (frame) => this.hear(frame),
      turned: (state) => {
        // Who is there is told on an open line only.
        if (state !== "open") this.online = {};
        this.changed();
      },
      arrived: () => this.arrive(),
    });
  }

  watch(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  changed() {
    for (const listener of this.listeners) listener();
  }

  complain(error) {
    if (error.message !== "away") this.refused(error.message);
  }

  // Catch up; if the server cannot just now, a little later.
  async arrive() {
    try {
      await this.catchUp();
    } catch (error) {
      if (error.message === "away") return;
      this.complain(error);
      setTimeout(() => this.line.state === "open" && this.arrive(), AGAIN);
    }
  }

  // Coming back: what changed, then what is missing, then what was never acknowledged.
  async catchUp() {
    this.line.request("presence", { client_ids: [...this.people.keys()].filter((one) => one !== this.me) }).then(
      ({ clients }) => this.sawPresence(clients),
      () => {},
    );
    for (let more = true; more; ) {
      const answer = await this.line.request("sync", { since: this.since });
      for (const row of answer.conversations) await this.refresh(row);
      this.since = answer.time;
      more = answer.more;
    }
    for (const conversation of this.conversations.values()) {
      for (const draft of conversation.pending) this.put(draft);
      this.read(conversation);
    }
    this.changed();
  }

  async refresh(row) {
    const conversation = this.conversations.get(row.conv_id);
    if (!conversation) return;
    conversation.readSeq = Math.max(conversation.readSeq, row.read_seq);
    conversation.lastSeq = Math.max(conversation.lastSeq, row.last_seq);
    const { messages } = conversation;
    if (!messages.length) {
      const page = await this.line.request("msg.list", { conv_id: row.conv_id, limit: PAGE });
      conversation.more = page.more;
      page.messages.forEach((message) => take(conversation, message));
    } else {
      // From the oldest that is shown: recalls and edits do not show in the numbers.
      let after = messages[0].seq - 1;
      for (let more = true; more; ) {
        const page = await this.line.request("msg.list", { conv_id: row.conv_id, after_seq: after, limit: 100 });
        page.messages.forEach((message) => take(conversation, message));
        after = page.messages.at(-1)?.seq ?? after;
        more = page.more;
      }
    }
    this.changed();
  }

  // A number beyond what is known: my other devices, or the app for me, have said something.
  fill(conversation, seq) {
    if (seq <= conversation.lastSeq) return;
    this.refresh({ conv_id: conversation.id, read_seq: 0, last_seq: seq }).catch((error) => this.complain(error));
  }

  async older(conversation) {
    if (!conversation.more || conversation.loading || this.line.state !== "open") return;
    conversation.loading = true;
    try {
      const asked = { conv_id: conversation.id, before_seq: conversation.messages[0].seq, limit: PAGE };
      const page = await this.line.request("msg.list", asked);
      conversation.more = page.more;
      page.messages.forEach((message) => take(conversation, message));
    } catch (error) {
      this.complain(error);
    } finally {
      conversation.loading = false;
      this.changed();
    }
  }

  hear({ type, msg, data }) {
    const conversation = this.conversations.get(data?.conv_id);
    if (type === "presence") this.sawPresence(data.clients);
    else if (type === "error") this.refused(msg);
    else if (conversation) this.hearIn(conversation, type, data);
    this.changed();
  }

  hearIn(conversation, type, data) {
    if (type === "msg.new") {
      this.fill(conversation, data.seq - 1);
      take(conversation, data);
      conversation.typing.delete(data.from_client);
      this.read(conversation);
    } else if (type === "msg.edited") {
      take(conversation, data);
    } else if (type === "msg.recalled") {
      empty(conversation, data);
    } else if (type === "msg.read") {
      this.fill(conversation, data.seq);
      if (data.client_id === this.me) conversation.readSeq = Math.max(conversation.readSeq, data.seq);
      else mark(this.me, conversation, data.client_id, data.seq);
    } else if (type === "conv.updated") {
      this.renamed();
    } else if (type === "typing") {
      clearTimeout(conversation.typing.get(data.client_id));
      const fade = () => conversation.typing.delete(data.client_id) && this.changed();
      conversation.typing.set(data.client_id, setTimeout(fade, TYPING_LASTS));
    }
  }

  sawPresence(clients) {
    Object.assign(this.online, clients);
    this.changed();
  }

  // Say something: it is on the page at once, and sent with the same `ref` until it is acknowledged.
  say(conversation, content) {
    const draft = { ...content, ref: crypto.randomUUID(), from_client: this.me, conv_id: conversation.id, ctime: Date.now() };
    conversation.pending.push(draft);
    conversation.typed = 0;
    this.changed();
    this.put(draft);
  }

  async put(draft) {
    const conversation = this.conversations.get(draft.conv_id);
    const { type, text, url, attr, mention_client_ids, mention_all } = draft;
    // no_sync: my other devices are to have it, too.
    const sent = { conv_id: draft.conv_id, type, text, url, attr, mention_client_ids, mention_all, no_sync: 1 };
    try {
      const { msg_id, seq, time } = await this.line.request("msg.send", sent, draft.ref);
      const written = (value) => JSON.stringify(value ?? null);
      const mentions = mention_client_ids?.length ? mention_client_ids : null;
      const words = { text: text ?? null, attr: written(attr), url: written(url), mention_client_ids: written(mentions) };
      take(conversation, { ...draft, ...words, mention_all: mention_all ?? 0, msg_id, seq, ctime: time });
      conversation.readSeq = Math.max(conversation.readSeq, seq);
      conversation.pending = conversation.pending.filter((one) => one !== draft);
    } catch (error) {
      if (error.message === "away") return;
      conversation.pending = conversation.pending.filter((one) => one !== draft);
      this.complain(error);
    }
    this.changed();
  }

  edit(conversation, message, text) {
    const asked = { conv_id: conversation.id, msg_id: message.msg_id, text, attr: decoded(message.attr) };
    this.line.request("msg.edit", asked).then(
      (edited) => (take(conversation, edited), this.changed()),
      (error) => this.complain(error),
    );
  }

  recall(conversation, message) {
    this.line.request("msg.recall", { conv_id: conversation.id, msg_id: message.msg_id }).then(
      (recalled) => (empty(conversation, recalled), this.changed()),
      (error) => this.complain(error),
    );
  }

  type(conversation) {
    if (Date.now() - (conversation.typed ?? 0) < TYPING_EVERY) return;
    conversation.typed = Date.now();
    this.line.send("typing", { conv_id: conversation.id });
  }

  // This conversation is open in the pane; `seen`: the pane can be seen.
  show(id, seen = this.seen) {
    Object.assign(this, { showing: id, seen });
    this.read(this.conversations.get(id));
    this.changed();
  }

  // What is open before somebody's eyes is read.
  read(conversation) {
    const looked = conversation.id === this.showing && this.seen && !document.hidden;
    if (!looked || this.line.state !== "open" || conversation.readSeq >= conversation.lastSeq) return;
    conversation.readSeq = conversation.lastSeq;
    this.line.send("msg.read", { conv_id: conversation.id, seq: conversation.lastSeq });
  }

  unread(conversation) {
    return Math.max(0, conversation.lastSeq - conversation.readSeq);
  }

  // How far a message of mine has come: "waiting", "sent", or "read" by everybody else.
  fate(conversation, message) {
    if (!message.seq) return "waiting";
    const others = conversation.members.filter((one) => one !== this.me);
    return others.every((one) => (conversation.marks[one] ?? 0) >= message.seq) ? "read" : "sent";
  }

  readers(conversation, message) {
    return conversation.members.filter((one) => one !== this.me && (conversation.marks[one] ?? 0) >= message.seq);
  }
}

export function decoded(text) {
  return text === undefined || text === null ? null : JSON.parse(text);
}

export function isRecalled(message) {
  return message.msg_status === RECALLED;
}

function nothingYet(me, id) {
  const marks = JSON.parse(localStorage.getItem(`parlance.marks.${me}.${id}`) ?? "{}");
  return { messages: [], pending: [], typing: new Map(), marks, readSeq: 0, lastSeq: 0, more: false };
}

// Put a message where it belongs by its number; of two of the same number the later word counts.
function take(conversation, message) {
  if (!message.seq) return;
  const { messages } = conversation;
  let at = messages.length;
  while (at > 0 && messages[at - 1].seq > message.seq) at -= 1;
  const before = messages[at - 1];
  if (before?.seq !== message.seq) messages.splice(at, 0, message);
  else if ((message.mtime ?? 0) >= (before.mtime ?? 0)) messages[at - 1] = message;
  conversation.lastSeq = Math.max(conversation.lastSeq, message.seq);
  // Who speaks has read what stands before.
  const { marks } = conversation;
  marks[message.from_client] = Math.max(marks[message.from_client] ?? 0, message.seq);
}

function empty(conversation, { msg_id, time }) {
  const at = conversation.messages.findIndex((one) => one.msg_id === msg_id);
  if (at < 0) return;
  const gone = { text: null, attr: "null", url: "null", msg_status: RECALLED, mtime: time };
  conversation.messages[at] = { ...conversation.messages[at], ...gone };
}

// The wire tells marks only while one listens, so the browser remembers them.
function mark(me, conversation, client, seq) {
  conversation.marks[client] = Math.max(conversation.marks[client] ?? 0, seq);
  localStorage.setItem(`parlance.marks.${me}.${conversation.id}`, JSON.stringify(conversation.marks));
}
