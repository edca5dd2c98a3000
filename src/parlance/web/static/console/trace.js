// Why did it not arrive? A message, followed from the store to each of its readers.

import { html, useEffect, useState } from "../look/view.js";
import { bytes } from "../look/pieces.js";
import { words } from "../look/words.js";
import { address } from "./api.js";
import { Answer, Facts, Head, When, kindName, place, useAnswer } from "./parts.js";

const say = words({
  title: ["Why did it not arrive?", "为什么没有收到？"],
  lead: [
    "Paste the id of a message: 32 digits and letters, as the answer to sending it said. You see how far it came with everyone who was to have it.",
    "粘贴消息 ID（发送成功时返回的 32 位字符），即可看到它到达每个接收者的进度。",
  ],
  id: ["Message id", "消息 ID"],
  follow: ["Follow it", "追踪"],
  noSuch: [
    "There is no such message. It was never stored (transient messages are not), was deleted for good, or the id is incomplete.",
    "没有这条消息：它从未存储（暂态消息不存储）、已被彻底删除，或 ID 不完整。",
  ],
  stored: ["Stored", "已存储"],
  routed: ["Routed", "已路由"],
  written: ["Written to a device", "已下发到设备"],
  acknowledged: ["Acknowledged", "已确认"],
  read: ["Read", "已读"],
  ofReaders: [(count, all) => `${count} of ${all}`, (count, all) => `${count}/${all}`],
  forGood: ["durably, before it was acknowledged", "在确认之前已落盘"],
  heardBy: [(server) => `by ${server}`, (server) => `由 ${server}`],
  notRemembered: ["too long ago to be remembered", "时间太久，已无记录"],
  nobody: ["no server heard of it", "没有服务器得知"],
  sender: ["Sender", "发送者"],
  conversation: ["Conversation", "会话"],
  app: ["App", "应用"],
  place: ["Place", "序号"],
  recalled: ["recalled", "已撤回"],
  readers: ["Its readers", "接收者"],
  again: ["Look again", "再看一次"],
  more: ["Only the first 500 readers are shown.", "仅显示前 500 位接收者。"],
  silent: [(count) => `${count} servers did not answer: what they wrote is not known.`, (count) => `${count} 台服务器没有应答，其下发情况未知。`],
  onlyHere: ["Nobody else is in it.", "会话中没有其他人。"],
  device: ["Device", "设备"],
  noName: ["no name", "未命名"],
  hasIt: ["written to it", "已下发"],
  hasNot: ["not written to it", "未下发"],
  since: ["connected", "连接于"],
  until: ["gone", "断开于"],
  unsentNow: [(size) => `${size} wait to be read`, (size) => `${size} 待读取`],
  state_sender: ["sent it", "发送者"],
  state_read: ["read", "已读"],
  state_acknowledged: ["acknowledged", "已确认"],
  state_written: ["written", "已下发"],
  state_slow: ["not reading", "读取停滞"],
  state_cut: ["line cut", "连接中断"],
  state_returned: ["came back", "已重连"],
  state_away: ["away", "离线"],
  state_untold: ["not told", "未通知"],
  state_forgotten: ["not known", "未知"],
  state_later: ["came later", "后来加入"],
  state_left: ["has left", "已退出"],
  state_banned: ["banned", "已封禁"],
  why_sender: ["Its own message.", "这是本人发送的消息。"],
  why_read: ["The reader's read mark has passed it.", "接收者的已读位置已超过它。"],
  why_acknowledged: ["A device said that it has it; it was not opened yet.", "设备已确认收到，尚未阅读。"],
  why_written: [
    "It was written to a device that is connected. The device has not said anything since: the app may be in the background, or does not mark as read.",
    "已写入在线设备，但设备尚无回应：应用可能在后台，或没有上报已读。",
  ],
  why_slow: [
    "It was written, but the device does not read: the network is stuck, or the app is frozen. If too much waits, the server hangs up and the client syncs when it comes back.",
    "已写入，但设备没有读取：网络阻塞或应用卡死。积压过多时服务器会断开，客户端重连后再同步。",
  ],
  why_cut: [
    "It was written, then the connection ended before the device said anything. It may or may not have arrived; when the client comes back, it finds it by syncing.",
    "已写入，但设备未回应连接就断了，可能收到也可能没有；客户端重连后会通过同步得到它。",
  ],
  why_returned: [
    "No device was there at the time. One has come since and could fetch it; if it does not show, look at how the client syncs after a login.",
    "当时没有设备在线，之后有设备上线，可以拉取。若仍未显示，请检查客户端登录后的同步逻辑。",
  ],
  why_away: ["No device was connected, and none has come since. It waits in the store.", "当时没有设备在线，至今也没有上线。消息在存储中等待。"],
  why_untold: [
    "A device was connected, but its server never heard of the message. The servers may have lost each other: look at NATS and at the server's log.",
    "设备在线，但其服务器没有得知这条消息。服务器之间可能失联：请检查 NATS 与服务器日志。",
  ],
  why_forgotten: [
    "It is too long ago: the servers remember to whom they wrote for the last messages only, and not beyond a restart. It was not read or acknowledged.",
    "时间太久：服务器只记得最近一些消息的下发情况，重启后清空。目前未读、未确认。",
  ],
  why_later: ["The reader came into the conversation after it was said, and is not shown it as unread.", "接收者在此之后才加入会话。"],
  why_left: ["The reader has left the conversation since.", "接收者之后退出了会话。"],
  why_banned: ["The reader is banned: nobody is let in under that name.", "接收者已被封禁，无法登录。"],
});

// How many of the four steps each fate has behind it, and how it looks.
const FATES = {
  sender: [4, ""],
  read: [4, "right"],
  acknowledged: [3, "right"],
  written: [2, "accent-soft"],
  slow: [2, "warn"],
  cut: [2, "warn"],
  returned: [1, "warn"],
  away: [0, ""],
  untold: [0, "wrong"],
  forgotten: [0, ""],
  later: [0, ""],
  left: [0, ""],
  banned: [0, "wrong"],
};
const STEPS = ["routed", "written", "acknowledged", "read"];
const NOT_CONCERNED = new Set(["sender", "later", "left"]);

export function Why({ id }) {
  return html`<${Head} title=${say("title")} />
    <p class="lead">${say("lead")}</p>
    <${Ask} id=${id} />
    ${id && html`<${Found} id=${id} />`}`;
}

function Ask({ id }) {
  const [typed, type] = useState(id);
  useEffect(() => type(id), [id]);
  const submit = (event) => {
    event.preventDefault();
    const wanted = typed.trim();
    if (wanted) location.hash = place("why", wanted);
  };
  return html`<form class="ask row" onSubmit=${submit}>
    <input class="mono" aria-label=${say("id")} placeholder="01a1f978ac9a7b9c8c23457709db836f" spellcheck="false" autocomplete="off" value=${typed} onInput=${(event) => type(event.target.value)} />
    <button class="act" type="submit">${say("follow")}</button>
  </form>`;
}

function Found({ id }) {
  const found = useAnswer(address(["messages", id]));
  const [, error] = found;
  if (error?.code === "unknown_message") return html`<p class="panel trouble" role="alert">${say("noSuch")}</p>`;
  return html`<${Answer} of=${found}>${(trace) => html`<${Trace} trace=${trace} onAgain=${found[2]} />`}<//>`;
}

function Trace({ trace, onAgain }) {
  const { message, readers, silent, more } = trace;
  const others = readers.filter(({ fate }) => fate !== "sender");
  return html`<${Message} trace=${trace} message=${message} />
    <${Road} trace=${trace} />
    ${silent > 0 && html`<p class="badge warn" role="status">${say("silent", silent)}</p>`}
    <div class="row title"><h2>${say("readers")}</h2><button class="quiet outlined" type="button" onClick=${onAgain}>${say("again")}</button></div>
    ${others.length === 0 && html`<p class="empty">${say("onlyHere")}</p>`}
    <ul class="readers">${others.map((reader) => html`<${Reader} key=${reader.client_id} reader=${reader} app=${trace.app_id} />`)}</ul>
    ${more && html`<p class="note">${say("more")}</p>`}`;
}

function Message({ trace, message }) {
  return html`<section class="panel said">
    <blockquote>${message.text ?? message.url ?? ""}${message.recalled && html`<span class="badge wrong">${say("recalled")}</span>`}</blockquote>
    <${Facts}
      of=${[
        [say("sender"), html`<a href=${place("apps", trace.app_id, "people", message.sender)}>${message.sender}</a>`],
        [
          say("conversation"),
          html`<a href=${place("apps", trace.app_id, "conversations", message.conv_id)}>${trace.conversation_name || kindName(trace.conversation_kind)}</a>`,
        ],
        [say("place"), `${message.seq}`],
        [say("app"), trace.app_id],
      ]}
    />
  </section>`;
}

// The road of the message, with how many readers it has reached at each step.
function Road({ trace: { message, servers, readers } }) {
  const concerned = readers.filter(({ fate }) => !NOT_CONCERNED.has(fate));
  const heard = servers.filter(({ heard_at }) => heard_at !== null);
  const remembered = servers.every(({ heard_at, remembers_since }) => heard_at !== null || remembers_since <= message.created_at);
  const reached = (step) => concerned.filter(({ fate, devices }) => FATES[fate][0] >= step || (step === 2 && devices.some(({ written }) => written))).length;
  const state = (count) => (count === 0 ? "" : count < concerned.length ? "some" : "done");
  const some = (step) => [state(reached(step)), say("ofReaders", reached(step), concerned.length)];
  const routed = heard.length
    ? heard.map(({ server, heard_at }) => html`<span key=${server}><${When} ms=${heard_at} /> ${say("heardBy", server)}</span>`)
    : say(remembered ? "nobody" : "notRemembered");
  const steps = [
    ["stored", "done", html`<${When} ms=${message.created_at} /> · ${say("forGood")}`],
    ["routed", heard.length ? "done" : "", routed],
    ["written", ...some(2)],
    ["acknowledged", ...some(3)],
    ["read", ...some(4)],
  ];
  return html`<ol class="road">
    ${steps.map(([name, done, about]) => html`<li key=${name} class=${done}><strong>${say(name)}</strong><span class="note">${about}</span></li>`)}
  </ol>`;
}

function Reader({ reader, app }) {
  const [steps, kind] = FATES[reader.fate];
  return html`<li class="reader">
    <div class="row">
      <a class="who" href=${place("apps", app, "people", reader.client_id)}>${reader.called || reader.client_id}</a>
      ${reader.called && html`<span class="note mono">${reader.client_id}</span>`}
      <span class="space"></span>
      <span class="steps" aria-hidden="true">${STEPS.map((step, index) => html`<i key=${step} class=${index < steps ? `on ${kind}` : ""} title=${say(step)}></i>`)}</span>
      <span class=${`badge ${kind}`}>${say(`state_${reader.fate}`)}</span>
    </div>
    <p>${say(`why_${reader.fate}`)} ${reader.read_at && html`<${When} ms=${reader.read_at} />`}${!reader.read_at && reader.delivered_at && html`<${When} ms=${reader.delivered_at} />`}</p>
    ${reader.devices.length > 0 && html`<ul class="devices">${reader.devices.map((device) => html`<${Device} key=${`${device.server}${device.connected_at}${device.device_id}`} device=${device} />`)}</ul>`}
  </li>`;
}

function Device({ device }) {
  const { gone_at: gone, unsent, written } = device;
  return html`<li>
    <span class=${`dot ${gone ? "" : "on"}`} aria-hidden="true"></span>
    <strong>${device.device_id || say("noName")}</strong>
    <span class="note">${device.protocol} · ${device.server} · ${say("since")} <${When} ms=${device.connected_at} />${gone && html` · ${say("until")} <${When} ms=${gone} />`}</span>
    <span class=${`badge ${written ? "right" : ""}`}>${say(written ? "hasIt" : "hasNot")}</span>
    ${unsent > 0 && html`<span class="badge warn">${say("unsentNow", bytes(unsent))}</span>`}
  </li>`;
}
