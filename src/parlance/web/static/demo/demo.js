// The demo: two people's chats side by side, and what passes behind them.

import { html, show, useEffect, useReducer, useState } from "/static/look/view.js";
import { Bar, Tabs, Toasts, toast } from "/static/look/pieces.js";
import { Behind } from "./behind.js";
import { Chat, DIRECT } from "./chat.js";
import { FrameLog } from "./frames.js";
import { Pane } from "./pane.js";
import { say } from "./words.js";

const GROUP = 3;
const narrow = matchMedia("(max-width: 62rem)");

// Everything that outlives a drawing: the stage, who is in which pane, and what has passed.
class Theatre {
  constructor(stage) {
    this.stage = stage;
    this.log = new FrameLog();
    this.conversations = [
      { id: stage.direct, kind: DIRECT, members: stage.people.slice(0, 2).map((one) => one.client_id) },
      { id: stage.group, kind: GROUP, name: stage.group_name, members: stage.people.map((one) => one.client_id) },
    ];
    this.panes = stage.people.slice(0, 2).map((person) => this.chatOf(person));
    this.last = { chat: this.panes[0], id: stage.direct };
    this.turned = () => {};
    this.talking = true;
  }

  chatOf(person) {
    // A direct conversation is for its two alone.
    const conversations = this.conversations.filter((one) => one.members.includes(person.client_id));
    const passed = (who, direction, frame) => this.log.add(who, direction, frame);
    const refused = (words) => toast(words, "wrong");
    const renamed = () => this.name();
    const chat = new Chat({ stage: this.stage, person, conversations, passed, refused, renamed });
    chat.show(conversations[0].id);
    chat.line.open();
    return chat;
  }

  // The socket says that something about the group is different; a face that shows groups says what.
  async name() {
    const headers = { "app-id": this.stage.app_id, "app-key": this.stage.server_key };
    const answer = await fetch(`/im/group/${this.stage.group_id}`, { headers });
    if (!answer.ok) return;
    const { group_name: name } = (await answer.json()).data.group_info;
    for (const chat of this.panes) chat.conversations.get(this.stage.group).name = name;
    this.conversations[1].name = name;
    this.turned();
  }

  // Put somebody else in a pane.
  recast(place, person) {
    this.panes[place].line.cut();
    this.panes[place] = this.chatOf(person);
    this.use(this.panes[place]);
  }

  // Whether the page itself is still beginning the conversation.
  talks(talking) {
    this.talking = talking;
    this.turned();
  }

  use(chat) {
    this.last = { chat, id: chat.showing };
    this.turned();
  }
}

// Once, where nobody has said anything yet.
function beginTalking(theatre) {
  const { panes, stage } = theatre;
  const spoken = [
    [0, stage.direct, "hello"],
    [1, stage.direct, "helloBack"],
    [0, stage.direct, "tryIt"],
    [0, stage.group, "hike"],
    [1, stage.group, "hikeYes"],
  ];
  const begin = async () => {
    const [direct, group] = [stage.direct, stage.group].map((id) => panes[0].conversations.get(id));
    if (panes.some((chat) => chat.line.state !== "open") || !panes.every((chat) => chat.since)) return;
    stops.forEach((stop) => stop());
    if (direct.lastSeq || group.lastSeq) return theatre.talks(false);
    for (const [who, id, words] of spoken) {
      panes[who].say(panes[who].conversations.get(id), { type: -1, text: say(words) });
      await new Promise((done) => setTimeout(done, 150));
    }
    theatre.talks(false);
  };
  const stops = panes.map((chat) => chat.watch(begin));
}

async function begin() {
  const answer = await fetch("/demo/begin", { method: "POST" });
  if (!answer.ok) throw new Error((await answer.json()).message);
  const theatre = new Theatre(await answer.json());
  beginTalking(theatre);
  return theatre;
}

const LINKS = () => [
  ["/", say("demo")],
  ["/docs", say("rest")],
  ["/docs/socket", say("socket")],
];
let begun;

function App() {
  const [theatre, opened] = useState(null);
  const [failure, failed] = useState("");
  const start = () => {
    failed("");
    begun ??= begin();
    begun.then(opened, (error) => {
      begun = undefined;
      failed(error.message);
    });
  };
  useEffect(start, []);
  return html`
    <a class="skip" href="#stage">${say("skip")}</a>
    <${Bar} here="/" links=${theatre?.stage.console ? [...LINKS(), ["/console", say("console")]] : LINKS()} />
    ${failure && html`<main class="empty"><h1>${say("failed")}</h1><p>${failure}</p>
      <button class="act" type="button" onClick=${start}>${say("retry")}</button></main>`}
    ${theatre && html`<${Stage} theatre=${theatre} />`}
    <${Toasts} />
  `;
}

function Stage({ theatre }) {
  const [, turn] = useReducer((times) => times + 1, 0);
  const [view, turnTo] = useState("pane0");
  theatre.turned = turn;
  useEffect(() => {
    const stops = theatre.panes.map((chat) => chat.watch(turn));
    return () => stops.forEach((stop) => stop());
  }, [theatre.panes[0], theatre.panes[1]]);
  useEffect(() => {
    // Where there is room for one pane, the others are not seen.
    const look = () => theatre.panes.forEach((chat, at) => chat.show(chat.showing, !narrow.matches || view === `pane${at}`));
    look();
    narrow.addEventListener("change", look);
    document.addEventListener("visibilitychange", look);
    return () => {
      narrow.removeEventListener("change", look);
      document.removeEventListener("visibilitychange", look);
    };
  }, [view, theatre.panes[0], theatre.panes[1]]);
  const named = (chat) => chat.people.get(chat.me).nickname;
  const waiting = (chat) => [...chat.conversations.values()].reduce((sum, one) => sum + chat.unread(one), 0);
  const tabs = [
    ...theatre.panes.map((chat, at) => [
      `pane${at}`,
      html`${named(chat)} ${waiting(chat) > 0 && html`<span class="badge accent">${waiting(chat)}</span>`}`,
    ]),
    ["behind", say("behind")],
  ];
  return html`<main class="stage" id="stage" data-view=${view} aria-busy=${String(theatre.talking)} tabindex="-1">
    <h1 class="unseen">${say("title")}</h1>
    <div class="views"><${Tabs} tabs=${tabs} chosen=${view} onChoose=${turnTo} label=${say("views")} panel="stage" /></div>
    ${theatre.panes.map(
      (chat, place) =>
        html`<${Pane}
          key=${place}
          place=${place}
          chat=${chat}
          taken=${theatre.panes[1 - place].me}
          onUse=${() => theatre.use(chat)}
          onRecast=${(person) => theatre.recast(place, person)}
        />`,
    )}
    <${Behind} theatre=${theatre} />
  </main>`;
}

show(App, document.getElementById("app"));
