// People: found, looked at, banned, thrown out, handed out, forgotten.

import { html, useState } from "../look/view.js";
import { Json, bytes } from "../look/pieces.js";
import { words } from "../look/words.js";
import { address, ask } from "./api.js";
import { ConversationTable } from "./conversations.js";
import { Answer, Confirm, Facts, Head, Pager, Search, When, download, place, tried, useAnswer } from "./parts.js";

const say = words({
  title: ["People", "用户"],
  apps: ["Apps", "应用"],
  find: ["Id, nickname, name or username", "ID、昵称、姓名或用户名"],
  who: ["Who", "用户"],
  number: ["Number", "编号"],
  state: ["State", "状态"],
  since: ["Known since", "创建于"],
  online: ["online", "在线"],
  offline: ["offline", "离线"],
  banned: ["banned", "已封禁"],
  none: ["Nobody is called like that.", "没有匹配的用户。"],
  noneYet: ["Nobody is known yet. A user is made with its first login, or by your backend.", "还没有用户。首次登录或由后端创建时产生。"],
  ban: ["Ban", "封禁"],
  unban: ["Let in again", "解除封禁"],
  banIt: [(who) => `Ban ${who}?`, (who) => `封禁 ${who}？`],
  banWhy: ["Its connections end at once; logins and calls are refused until it is let in again.", "其连接立即断开，登录与请求都会被拒绝，直到解除封禁。"],
  bannedNow: ["Banned", "已封禁"],
  unbanned: ["May come in again", "已解除封禁"],
  kick: ["Throw out", "下线"],
  kickAll: ["Throw out everywhere", "全部下线"],
  kickIt: [(who) => `Throw ${who} out everywhere?`, (who) => `让 ${who} 的全部设备下线？`],
  kickWhy: ["Its connections end. What it logged in with before is void for LeanCloud's clients; with a client token it may come back.", "其连接立即断开。LeanCloud 客户端之前的凭证失效；持有客户端令牌者可以重新登录。"],
  kicked: ["Thrown out", "已下线"],
  export: ["Export", "导出"],
  erase: ["Erase", "抹除"],
  eraseIt: [(who) => `Erase ${who}?`, (who) => `抹除 ${who}？`],
  eraseWhy: [
    "What it said, uploaded and is called is deleted for good, it leaves its groups, and stays banned. This cannot be undone.",
    "其消息、文件与资料将被永久删除，退出所有群聊，并保持封禁。此操作无法撤销。",
  ],
  erased: [({ messages, files }) => `Erased: ${messages} messages, ${files} files`, ({ messages, files }) => `已抹除：${messages} 条消息，${files} 个文件`],
  devices: ["Connected devices", "在线设备"],
  noDevices: ["No device is connected.", "没有在线设备。"],
  device: ["Device", "设备"],
  noName: ["no name", "未命名"],
  server: ["Server", "服务器"],
  protocol: ["Protocol", "协议"],
  connected: ["Connected", "连接于"],
  unsent: ["Waits to be read", "待读取"],
  nickname: ["Nickname", "昵称"],
  name: ["Name", "姓名"],
  username: ["Username", "用户名"],
  level: ["Level", "等级"],
  ext: ["What its app says of it", "扩展资料"],
  conversations: ["Conversations", "会话"],
});

export function People({ app, appName, query, onQuery }) {
  const { q = "", page = "1" } = query;
  const found = useAnswer(address(["apps", app, "users"], { q, page }));
  return html`<${Head} title=${say("title")} above=${[[place("apps"), say("apps")], [place("apps", app, "settings"), appName]]}>
      <${Search} value=${q} label=${say("find")} onSearch=${(text) => onQuery({ q: text })} />
    <//>
    <${Answer} of=${found}>
      ${({ users, page: at, pages, total }) =>
        users.length === 0
          ? html`<p class="empty">${say(q ? "none" : "noneYet")}</p>`
          : html`<div class="scrolling" tabindex="0" role="region" aria-label=${say("title")}>
                <table class="table">
                  <thead><tr><th>${say("who")}</th><th>${say("state")}</th><th class="wide number">${say("number")}</th><th class="wide">${say("since")}</th></tr></thead>
                  <tbody>
                    ${users.map(
                      (user) => html`<tr key=${user.client_id}>
                        <td><a href=${place("apps", app, "people", user.client_id)}>${user.nickname || user.name || user.client_id}</a>${(user.nickname || user.name) && html`<span class="note mono under">${user.client_id}</span>`}</td>
                        <td><${State} user=${user} /></td>
                        <td class="wide number">${user.uid}</td>
                        <td class="wide"><${When} ms=${user.created_at} /></td>
                      </tr>`,
                    )}
                  </tbody>
                </table>
              </div>
              <${Pager} page=${at} pages=${pages} total=${total} onPage=${(to) => onQuery({ q, page: to })} />`}
    <//>`;
}

function State({ user }) {
  if (user.banned) return html`<span class="badge wrong">${say("banned")}</span>`;
  return html`<span class=${`badge ${user.online ? "right" : ""}`}>${say(user.online ? "online" : "offline")}</span>`;
}

export function Person({ app, appName, client }) {
  const path = address(["apps", app, "users", client]);
  const found = useAnswer(path, 4000);
  const talks = useAnswer(address(["apps", app, "conversations"], { member: client, size: 20 }));
  return html`<${Answer} of=${found}>
    ${({ user, ext, devices }) => html`<${Head}
        title=${user.nickname || user.name || user.client_id}
        above=${[[place("apps"), say("apps")], [place("apps", app, "settings"), appName], [place("apps", app, "people"), say("title")]]}
      >
        <${Deeds} user=${user} path=${path} onDone=${found[2]} />
      <//>
      <${Facts}
        of=${[
          ["Id", html`<code>${user.client_id}</code>`],
          [say("number"), user.uid],
          [say("state"), html`<${State} user=${user} />`],
          [say("nickname"), user.nickname],
          [say("name"), user.name],
          [say("username"), user.username],
          [say("level"), user.level],
          [say("since"), html`<${When} ms=${user.created_at} />`],
        ]}
      />
      <h2>${say("devices")}</h2>
      <${Devices} devices=${devices} path=${path} onDone=${found[2]} />
      ${ext && html`<h2>${say("ext")}</h2><div class="sample"><pre><${Json} value=${ext} /></pre></div>`}`}
  <//>
  <h2>${say("conversations")}</h2>
  <${Answer} of=${talks}>${({ conversations }) => html`<${ConversationTable} app=${app} conversations=${conversations} />`}<//>`;
}

function Deeds({ user, path, onDone }) {
  const [asking, confirm] = useState("");
  const who = user.client_id;
  const act = async (doing, done) => {
    if (await tried(doing, done)) onDone();
  };
  const ban = () => act(() => ask("PUT", `${path}/ban`), say("bannedNow"));
  const kick = () => act(() => ask("POST", `${path}/kick`, {}), say("kicked"));
  const erase = () => act(() => ask("DELETE", path), (erased) => say("erased", erased));
  return html`<div class="row deeds">
    <button class="quiet outlined" type="button" onClick=${() => download(`${path}/export`)}>${say("export")}</button>
    <button class="quiet outlined" type="button" onClick=${() => confirm("kick")}>${say("kickAll")}</button>
    ${user.banned
      ? html`<button class="quiet outlined" type="button" onClick=${() => act(() => ask("DELETE", `${path}/ban`), say("unbanned"))}>${say("unban")}</button>`
      : html`<button class="quiet outlined" type="button" onClick=${() => confirm("ban")}>${say("ban")}</button>`}
    <button class="danger" type="button" onClick=${() => confirm("erase")}>${say("erase")}</button>
    ${asking === "ban" && html`<${Confirm} title=${say("banIt", who)} text=${say("banWhy")} act=${say("ban")} onClose=${() => confirm("")} onDo=${ban} />`}
    ${asking === "kick" && html`<${Confirm} title=${say("kickIt", who)} text=${say("kickWhy")} act=${say("kick")} onClose=${() => confirm("")} onDo=${kick} />`}
    ${asking === "erase" && html`<${Confirm} title=${say("eraseIt", who)} text=${say("eraseWhy")} act=${say("erase")} typed=${who} onClose=${() => confirm("")} onDo=${erase} />`}
  </div>`;
}

function Devices({ devices, path, onDone }) {
  if (devices.length === 0) return html`<p class="note">${say("noDevices")}</p>`;
  const kick = async (device) => {
    if (await tried(() => ask("POST", `${path}/kick`, { device_id: device }), say("kicked"))) onDone();
  };
  return html`<div class="scrolling" tabindex="0" role="region" aria-label=${say("devices")}>
    <table class="table">
      <thead><tr><th>${say("device")}</th><th>${say("protocol")}</th><th class="wide">${say("server")}</th><th>${say("connected")}</th><th class="wide number">${say("unsent")}</th><th></th></tr></thead>
      <tbody>
        ${devices.map(
          (device) => html`<tr key=${`${device.server}${device.connected_at}${device.device_id}`}>
            <td>${device.device_id || say("noName")}</td>
            <td>${device.protocol}</td>
            <td class="wide">${device.server}</td>
            <td><${When} ms=${device.connected_at} /></td>
            <td class="wide number">${bytes(device.unsent)}</td>
            <td class="number"><button class="quiet outlined" type="button" aria-label=${`${say("kick")}: ${device.device_id}`} onClick=${() => kick(device.device_id)}>${say("kick")}</button></td>
          </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
