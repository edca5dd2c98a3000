// Conversations: found, looked into, dissolved; messages taken back.

import { html, useEffect, useState } from "../look/view.js";
import { words } from "../look/words.js";
import { address, ask } from "./api.js";
import { Answer, Confirm, Facts, Head, Pager, Search, When, kindName, place, tried, useAnswer } from "./parts.js";

const say = words({
  title: ["Conversations", "会话"],
  apps: ["Apps", "应用"],
  find: ["Name, number or id", "名称、编号或 ID"],
  what: ["Conversation", "会话"],
  kind: ["Kind", "类型"],
  members: ["Members", "成员"],
  messages: ["Messages", "消息"],
  last: ["Last message", "最近消息"],
  none: ["There is no such conversation.", "没有匹配的会话。"],
  noneYet: ["Nobody has talked yet.", "还没有会话。"],
  noneOf: ["In no conversation.", "没有参与任何会话。"],
  number: ["Number", "编号"],
  creator: ["Started by", "创建者"],
  since: ["Since", "创建于"],
  until: ["Until", "有效期至"],
  capacity: ["Takes at most", "人数上限"],
  dissolve: ["Dissolve", "解散"],
  dissolveIt: [(name) => `Dissolve ${name}?`, (name) => `解散 ${name}？`],
  dissolveWhy: [
    "It is unknown to everybody at once, and its messages are deleted for good within a day. This cannot be undone.",
    "会话立即对所有人消失，其消息将在一天内永久删除。此操作无法撤销。",
  ],
  dissolved: ["Dissolved", "已解散"],
  who: ["Who", "成员"],
  role: ["Role", "角色"],
  role_0: ["member", "成员"],
  role_1: ["admin", "管理员"],
  role_2: ["owner", "群主"],
  readTo: ["Read to", "已读至"],
  hasTo: ["Got to", "已收至"],
  online: ["online", "在线"],
  firstOnly: [(count, total) => `The first ${count} of ${total}.`, (count, total) => `前 ${count} 位，共 ${total} 位。`],
  noMembers: ["Nobody is in it.", "没有成员。"],
  noMessages: ["Nothing was said yet.", "还没有消息。"],
  olderOnes: ["Show older messages", "显示更早的消息"],
  recalled: ["taken back", "已撤回"],
  recall: ["Take back", "撤回"],
  recallIt: ["Take this message back?", "撤回这条消息？"],
  recallWhy: ["Its words are deleted for good, and everybody who has it is told.", "其内容将被永久删除，所有收到的人都会得知。"],
  recalledNow: ["Taken back", "已撤回"],
  why: ["Why did it not arrive?", "为什么没有收到？"],
  follow: ["Follow", "追踪"],
  written: ["Reading is written down in the log.", "查看消息会记入审计日志。"],
  showMessages: ["Read the messages", "查看消息"],
  file: ["file", "文件"],
});

const AT_ONCE = 50;

export function Conversations({ app, appName, query, onQuery }) {
  const { q = "", page = "1" } = query;
  const found = useAnswer(address(["apps", app, "conversations"], { q, page }));
  return html`<${Head} title=${say("title")} above=${[[place("apps"), say("apps")], [place("apps", app, "settings"), appName]]}>
      <${Search} value=${q} label=${say("find")} onSearch=${(text) => onQuery({ q: text })} />
    <//>
    <${Answer} of=${found}>
      ${({ conversations, page: at, pages, total }) =>
        conversations.length === 0
          ? html`<p class="empty">${say(q ? "none" : "noneYet")}</p>`
          : html`<${ConversationTable} app=${app} conversations=${conversations} />
              <${Pager} page=${at} pages=${pages} total=${total} onPage=${(to) => onQuery({ q, page: to })} />`}
    <//>`;
}

export function ConversationTable({ app, conversations }) {
  if (conversations.length === 0) return html`<p class="note">${say("noneOf")}</p>`;
  return html`<div class="scrolling" tabindex="0" role="region" aria-label=${say("title")}>
    <table class="table">
      <thead><tr><th>${say("what")}</th><th>${say("kind")}</th><th class="number">${say("members")}</th><th class="wide number">${say("messages")}</th><th class="wide">${say("last")}</th></tr></thead>
      <tbody>
        ${conversations.map(
          (each) => html`<tr key=${each.conv_id}>
            <td><a href=${place("apps", app, "conversations", each.conv_id)}>${called(each)}</a><span class="note mono under">${each.conv_id}</span></td>
            <td class="short">${kindName(each.kind)}</td>
            <td class="number">${each.size}</td>
            <td class="wide number">${each.last_seq}</td>
            <td class="wide"><${When} ms=${each.last_message_at} /></td>
          </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

// What a conversation without a name is called: by its people, if they are few.
function called({ name, members, kind }) {
  return name || members.join(", ") || kindName(kind);
}

export function Conversation({ app, appName, id }) {
  const path = address(["apps", app, "conversations", id]);
  const found = useAnswer(path, 4000);
  const [asking, confirm] = useState(false);
  const dissolve = async () => {
    if (await tried(() => ask("DELETE", path), say("dissolved"))) location.hash = place("apps", app, "conversations");
  };
  return html`<${Answer} of=${found}>
    ${(one) => html`<${Head}
        title=${called(one)}
        above=${[[place("apps"), say("apps")], [place("apps", app, "settings"), appName], [place("apps", app, "conversations"), say("title")]]}
      >
        <button class="danger" type="button" onClick=${() => confirm(true)}>${say("dissolve")}</button>
      <//>
      <${Facts}
        of=${[
          ["Id", html`<code>${one.conv_id}</code>`],
          [say("kind"), kindName(one.kind)],
          [say("number"), one.group_id],
          [say("creator"), one.creator && html`<a href=${place("apps", app, "people", one.creator)}>${one.creator}</a>`],
          [say("capacity"), one.capacity],
          [say("messages"), one.last_seq],
          [say("since"), html`<${When} ms=${one.created_at} />`],
          [say("until"), one.expires_at && html`<${When} ms=${one.expires_at} />`],
        ]}
      />
      ${asking &&
      html`<${Confirm} title=${say("dissolveIt", called(one))} text=${say("dissolveWhy")} act=${say("dissolve")} typed=${one.name || one.conv_id.slice(0, 6)} onClose=${() => confirm(false)} onDo=${dissolve} />`}
      <div class="beside">
        <section><h2>${say("messages")}</h2><${Messages} app=${app} path=${path} newest=${one.last_seq} /></section>
        <section><h2>${say("members")}</h2><${Members} app=${app} path=${path} /></section>
      </div>`}
  <//>`;
}

function Members({ app, path }) {
  const found = useAnswer(`${path}/members`, 5000);
  return html`<${Answer} of=${found}>
    ${({ members, total }) =>
      members.length === 0
        ? html`<p class="note">${say("noMembers")}</p>`
        : html`<div class="scrolling" tabindex="0" role="region" aria-label=${say("members")}><table class="table">
              <thead><tr><th>${say("who")}</th><th>${say("role")}</th><th class="number">${say("hasTo")}</th><th class="number">${say("readTo")}</th></tr></thead>
              <tbody>
                ${members.map(
                  (member) => html`<tr key=${member.client_id}>
                    <td><span class=${`dot ${member.online ? "on" : ""}`} title=${member.online ? say("online") : ""}></span><a href=${place("apps", app, "people", member.client_id)}>${member.alias || member.called || member.client_id}</a></td>
                    <td class="short">${say(`role_${member.role}`)}</td>
                    <td class="number">${member.delivered_seq}</td>
                    <td class="number">${member.read_seq}</td>
                  </tr>`,
                )}
              </tbody>
            </table></div>
            ${total > members.length && html`<p class="note">${say("firstOnly", members.length, total)}</p>`}`}
  <//>`;
}

// What was said is read when somebody asks for it: it is written down that it was.
function Messages({ app, path, newest }) {
  const [shown, show] = useState(null);
  const [asking, confirm] = useState(null);
  const load = async (before) => {
    const query = before ? `?before=${before}&limit=${AT_ONCE}` : `?limit=${AT_ONCE}`;
    const found = await tried(() => ask("GET", `${path}/messages${query}`));
    if (found) show((known) => ({ more: found.more, messages: before && known ? [...found.messages, ...known.messages] : found.messages }));
  };
  useEffect(() => show(null), [path]);
  if (!shown) {
    return html`<p class="note">${say("written")}</p>
      <button class="quiet outlined" type="button" disabled=${newest === 0} onClick=${() => load(0)}>${say(newest === 0 ? "noMessages" : "showMessages")}</button>`;
  }
  const recall = async () => {
    if (await tried(() => ask("POST", `${path}/messages/${encodeURIComponent(asking.msg_id)}/recall`), say("recalledNow"))) await load(0);
  };
  return html`${shown.more && html`<button class="quiet outlined" type="button" onClick=${() => load(shown.messages[0].seq)}>${say("olderOnes")}</button>`}
    <ol class="history">${shown.messages.map((message) => html`<${Message} key=${message.msg_id} app=${app} message=${message} onRecall=${() => confirm(message)} />`)}</ol>
    ${shown.messages.length === 0 && html`<p class="note">${say("noMessages")}</p>`}
    ${asking && html`<${Confirm} title=${say("recallIt")} text=${say("recallWhy")} act=${say("recall")} onClose=${() => confirm(null)} onDo=${recall} />`}`;
}

function Message({ app, message, onRecall }) {
  return html`<li>
    <div class="row">
      <a class="who" href=${place("apps", app, "people", message.sender)}>${message.sender}</a>
      <span class="note">#${message.seq} · <${When} ms=${message.created_at} /></span>
      <span class="space"></span>
      <a class="quiet small" href=${place("why", message.msg_id)} title=${say("why")}>${say("follow")}</a>
      ${!message.recalled && html`<button class="quiet small" type="button" onClick=${onRecall}>${say("recall")}</button>`}
    </div>
    <p class=${message.recalled ? "words gone" : "words"}>${message.recalled ? say("recalled") : (message.text ?? "")}${message.url && html` <span class="badge">${say("file")}</span> <span class="note mono">${message.url}</span>`}</p>
  </li>`;
}
