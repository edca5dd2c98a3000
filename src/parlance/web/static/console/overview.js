// How the servers are: figures of the last ten minutes, every two seconds.

import { html, useMemo, useState } from "../look/view.js";
import { bytes } from "../look/pieces.js";
import { language, words } from "../look/words.js";
import { Chart } from "./charts.js";
import { Answer, Facts, Head, When, useAnswer } from "./parts.js";

const say = words({
  title: ["Overview", "概览"],
  all: [(count) => `All ${count} servers`, (count) => `全部 ${count} 台服务器`],
  server: ["Server", "服务器"],
  silent: [(count) => `${count} more did not answer`, (count) => `另有 ${count} 台没有应答`],
  summed: ["Numbers of all servers are added up; latencies are the slowest server's.", "各服务器的数量相加；延迟取最慢的一台。"],
  connections: ["Connections", "连接"],
  sockets: ["sockets", "套接字"],
  loggedIn: ["logged in", "已登录"],
  messages: ["Messages a second", "每秒消息"],
  stored: ["stored", "已存储"],
  deliveries: ["Written to clients a second", "每秒下发"],
  frames: ["frames", "帧"],
  commits: ["Storing takes", "存储耗时"],
  half: ["median", "中位数"],
  most: ["99 %", "99%"],
  requests: ["REST calls a second", "每秒 REST 请求"],
  answered: ["answered", "已应答"],
  failed: ["failed (5xx)", "失败（5xx）"],
  answers: ["REST calls take", "REST 耗时"],
  queue: ["Waiting to be stored", "等待存储"],
  entries: ["messages and marks", "消息与标记"],
  hooks: ["Webhooks", "Webhook 投递"],
  waiting: ["waiting", "等待中"],
  dead: ["dead", "已放弃"],
  memory: ["Memory", "内存"],
  resident: ["resident", "常驻"],
  started: ["Running since", "启动于"],
  version: ["Version", "版本"],
  database: ["Database", "数据库"],
  servers: ["Servers", "服务器"],
  first: ["The first figures come in two seconds.", "两秒后即有数据。"],
});

const SLOT = 2000;
const SUMMED = ["connections", "clients", "messages", "deliveries", "frames_in", "requests", "failures", "store_waiting", "memory"];
const HIGHEST = ["commit_half", "commit_most", "request_half", "request_most", "hooks_waiting", "hooks_dead"];

export function Overview() {
  const found = useAnswer("/admin/servers", SLOT);
  return html`<${Answer} of=${found}>${(answer) => html`<${Figures} answer=${answer} />`}<//>`;
}

function Figures({ answer: { servers, silent } }) {
  const [chosen, choose] = useState("");
  const shown = chosen ? servers.filter(({ server }) => server === chosen) : servers;
  const samples = useMemo(() => together(shown), [servers, chosen]);
  const one = servers[0];
  return html`<${Head} title=${say("title")}>
      ${servers.length > 1 &&
      html`<select class="narrow" aria-label=${say("server")} value=${chosen} onChange=${(event) => choose(event.target.value)}>
        <option value="">${say("all", servers.length)}</option>
        ${servers.map(({ server }) => html`<option key=${server} value=${server}>${server}</option>`)}
      </select>`}
    <//>
    <${Facts}
      of=${[
        [say("database"), `${one.database}, ${bytes(one.database_bytes)}`],
        [say("version"), one.version],
        [say("started"), servers.length === 1 ? html`<${When} ms=${one.started_at} />` : ""],
        [say(servers.length === 1 ? "server" : "servers"), servers.length === 1 ? one.server : String(servers.length)],
      ]}
    />
    ${silent > 0 && html`<p class="badge warn" role="status">${say("silent", silent)}</p>`}
    ${samples.length ? html`<${Charts} samples=${samples} />` : html`<p class="empty">${say("first")}</p>`}
    ${servers.length > 1 && html`<p class="note">${say("summed")}</p>`}`;
}

function Charts({ samples }) {
  const times = samples.map(({ at }) => at);
  const line = (field, name, kind = "one") => ({ name: say(name), kind, values: samples.map((sample) => sample[field]) });
  // No call, no latency: nothing took no time.
  const span = (field, name, kind) => ({ name: say(name), kind, values: samples.map((sample) => sample[field] || null) });
  const last = samples.at(-1);
  const chart = (title, lines, shown, wrong, unit) =>
    html`<${Chart} key=${title} title=${say(title)} lines=${lines} times=${times} shown=${shown} wrong=${wrong} unit=${unit} />`;
  return html`<div class="charts">
    ${chart("connections", [line("clients", "loggedIn"), line("connections", "sockets", "two")], whole)}
    ${chart("messages", [line("messages", "stored")], rate)}
    ${chart("deliveries", [line("deliveries", "frames")], rate)}
    ${chart("commits", [span("commit_half", "half", "one"), span("commit_most", "most", "two")], milliseconds)}
    ${chart("requests", [line("requests", "answered"), line("failures", "failed", "bad")], rate, last.failures > 0)}
    ${chart("answers", [span("request_half", "half", "one"), span("request_most", "most", "two")], milliseconds)}
    ${chart("queue", [line("store_waiting", "entries")], whole)}
    ${chart("hooks", [line("hooks_waiting", "waiting"), line("hooks_dead", "dead", "bad")], whole, last.hooks_dead > 0)}
    ${chart("memory", [line("memory", "resident")], bytes, false, 2 ** 20)}
  </div>`;
}

// The samples of several servers as if they were one's: what came within the same two seconds together.
function together(servers) {
  if (servers.length === 1) return servers[0].samples;
  const slots = new Map();
  for (const { samples } of servers) {
    for (const sample of samples) {
      const slot = Math.round(sample.at / SLOT);
      const known = slots.get(slot);
      if (!known) {
        slots.set(slot, { ...sample });
        continue;
      }
      for (const field of SUMMED) known[field] += sample[field];
      for (const field of HIGHEST) known[field] = Math.max(known[field], sample[field]);
    }
  }
  // The newest slot may lack a server that has not taken its sample yet.
  return [...slots.entries()].sort(([a], [b]) => a - b).map(([, sample]) => sample).slice(0, -1);
}

function whole(value) {
  return Math.round(value).toLocaleString(language());
}

function rate(value) {
  return value.toLocaleString(language(), { maximumFractionDigits: value < 10 ? 1 : 0 });
}

function milliseconds(value) {
  return value < 1000 ? `${value.toLocaleString(language())} ms` : `${(value / 1000).toLocaleString(language())} s`;
}
