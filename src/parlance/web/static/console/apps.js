// Apps: listed, made, changed, their keys shown once.

import { html, useState } from "../look/view.js";
import { CopyButton, Dialog } from "../look/pieces.js";
import { words } from "../look/words.js";
import { address, ask } from "./api.js";
import { Answer, Confirm, Facts, Head, When, place, say as common, tried, useAnswer } from "./parts.js";

const say = words({
  title: ["Apps", "应用"],
  make: ["New app", "新建应用"],
  makeIt: ["Make it", "创建"],
  id: ["Id", "ID"],
  name: ["Name", "名称"],
  policy: ["Who may call", "访问策略"],
  policy_open: ["open: everybody, for trying out", "open：任何人，仅供试用"],
  policy_key: ["key: server key, or token; sockets need none", "key：服务器密钥或令牌；套接字免令牌"],
  policy_token: ["token: server key, or a client token", "token：服务器密钥或客户端令牌"],
  made: ["made", "创建于"],
  none: ["There is no app yet. An app is one product with its own people, conversations and keys.", "还没有应用。一个应用就是一个产品，有自己的用户、会话和密钥。"],
  settings: ["Settings", "设置"],
  keys: ["Keys", "密钥"],
  keysLead: [
    "The server key acts for the whole app: only your backend has it. The public key is in your clients and gives no right. The token secret signs client tokens.",
    "服务器密钥代表整个应用，只应保存在后端；公开密钥随客户端发布，不授予权限；令牌密钥用于签发客户端令牌。",
  ],
  master_key: ["Server key", "服务器密钥"],
  app_key: ["Public key", "公开密钥"],
  token_secret: ["Token secret", "令牌密钥"],
  rotate: ["Make anew", "重新生成"],
  rotateIt: [(which) => `Make a new ${which}?`, (which) => `重新生成${which}？`],
  rotateWhy: [
    "The old one stops working at once, at every server: whoever uses it is refused until it has the new one.",
    "旧密钥在所有服务器上立即失效，使用它的一方在换上新密钥前都会被拒绝。",
  ],
  rotateSecret: ["All client tokens stop working at once: every client has to log in anew.", "所有客户端令牌立即失效，每个客户端都需要重新登录。"],
  once: ["Shown this once", "仅显示这一次"],
  onceWhy: ["Copy what you need now: later only the beginning is shown.", "请立即复制：之后只显示开头几位。"],
  done: ["I have copied them", "我已复制"],
  save: ["Save", "保存"],
  saved: ["Saved", "已保存"],
  undo: ["Undo", "还原"],
  secret: ["A secret: type a new one to change it", "机密：输入新值以修改"],
  general: ["General", "常规"],
  g_limits: ["Limits", "限制"],
  g_signatures: ["Signatures (LeanCloud's clients)", "签名（LeanCloud 客户端）"],
  g_hooks: ["Webhooks", "Webhook"],
  g_provider: ["Service behind the app", "后端服务"],
  create_users: ["Whoever logs in becomes a user", "登录即创建用户"],
  recall_window: ["A message may be taken back for (ms; empty: always)", "可撤回时长（毫秒，留空为不限）"],
  group_capacity: ["Members of a group, at most", "群成员上限"],
  temporary_capacity: ["Members of a temporary conversation, at most", "临时会话成员上限"],
  temporary_lifetime: ["A temporary conversation lives for (ms)", "临时会话时长（毫秒）"],
  devices_per_client: ["Devices of a client at a time", "同时在线设备数"],
  provider: ["Provider", "提供方"],
  signed_logins: ["Logins are signed", "登录需签名"],
  signed_conversations: ["Conversations and members are signed", "会话与成员操作需签名"],
  signed_blacklists: ["Blacklists are signed", "黑名单操作需签名"],
  hook_url: ["Address of your server", "你的服务器地址"],
  hook_key: ["Key that signs the calls", "签名密钥"],
  hook_names: ["Which hooks there are (empty: all)", "已实现的 Hook（留空为全部）"],
  hook_wait: ["Waits for an answer (ms)", "等待应答（毫秒）"],
  hook_must_answer: ["What cannot be asked is refused", "无法询问时拒绝"],
  keep_events: ["Keep events to be fetched", "保留事件供拉取"],
  rongcloud_key: ["RongCloud app key", "融云 App Key"],
  rongcloud_secret: ["RongCloud secret", "融云 App Secret"],
  rongcloud_host: ["RongCloud address", "融云地址"],
  rongcloud_backup: ["RongCloud second address", "融云备用地址"],
});

const GROUPS = {
  g_limits: ["create_users", "recall_window", "group_capacity", "temporary_capacity", "temporary_lifetime", "devices_per_client"],
  g_hooks: ["hook_url", "hook_key", "hook_names", "hook_wait", "hook_must_answer", "keep_events"],
  g_signatures: ["signed_logins", "signed_conversations", "signed_blacklists"],
  g_provider: ["provider", "rongcloud_key", "rongcloud_secret", "rongcloud_host", "rongcloud_backup"],
};
const SECRETS = new Set(["hook_key", "rongcloud_secret"]);
const POLICIES = ["token", "key", "open"];
const KEYS = ["master_key", "app_key", "token_secret"];

export function Apps({ onChanged }) {
  const found = useAnswer("/admin/apps");
  const [making, make] = useState(false);
  const [made, show] = useState(null);
  const done = (answer) => {
    make(false);
    show(answer);
    found[2]();
    onChanged();
  };
  return html`<${Head} title=${say("title")}><button class="act" type="button" onClick=${() => make(true)}>${say("make")}</button><//>
    <${Answer} of=${found}>
      ${({ apps }) =>
        apps.length === 0
          ? html`<p class="empty">${say("none")}</p>`
          : html`<ul class="cards">
              ${apps.map(
                (app) => html`<li key=${app.app_id}>
                  <a class="card" href=${place("apps", app.app_id, "people")}>
                    <strong>${app.name}</strong><span class="note mono">${app.app_id}</span>
                    <span class="row"><span class=${`badge ${app.policy === "open" ? "warn" : ""}`}>${app.policy}</span><span class="note">${say("made")} <${When} ms=${app.created_at} /></span></span>
                  </a>
                </li>`,
              )}
            </ul>`}
    <//>
    ${making && html`<${MakeApp} onClose=${() => make(false)} onMade=${done} />`} ${made && html`<${Once} made=${made} onClose=${() => show(null)} />`}`;
}

function MakeApp({ onClose, onMade }) {
  const [app, fill] = useState({ app_id: "", name: "", policy: "token" });
  const change = (event) => fill({ ...app, [event.target.name]: event.target.value });
  const submit = async (event) => {
    event.preventDefault();
    const made = await tried(() => ask("POST", "/admin/apps", app));
    if (made) onMade(made);
  };
  return html`<${Dialog} title=${say("make")} onClose=${onClose}>
    <form onSubmit=${submit} onInput=${change}>
      <label class="field">${say("id")}<input class="mono" name="app_id" required maxlength="64" pattern="\\S+" autocomplete="off" value=${app.app_id} /></label>
      <label class="field">${say("name")}<input name="name" autocomplete="off" value=${app.name} /></label>
      <${PolicyField} value=${app.policy} />
      <div class="actions">
        <button class="quiet" type="button" onClick=${onClose}>${common("cancel")}</button>
        <button class="act" type="submit">${say("makeIt")}</button>
      </div>
    </form>
  <//>`;
}

function PolicyField({ value }) {
  return html`<label class="field"
    >${say("policy")}
    <select name="policy" value=${value}>
      ${POLICIES.map((policy) => html`<option key=${policy} value=${policy}>${say(`policy_${policy}`)}</option>`)}
    </select>
  </label>`;
}

// Keys in full. Closing it is the last that is seen of them.
function Once({ made, onClose }) {
  return html`<${Dialog} title=${say("once")} onClose=${onClose}>
    <p>${say("onceWhy")}</p>
    ${KEYS.filter((name) => made.keys[name]).map(
      (name) => html`<div key=${name} class="key">
        <span class="note">${say(name)}</span>
        <div class="row"><code>${made.keys[name]}</code><${CopyButton} text=${made.keys[name]} what=${say(name)} /></div>
      </div>`,
    )}
    <div class="actions"><button class="act" type="button" onClick=${onClose}>${say("done")}</button></div>
  <//>`;
}

export function AppSettings({ app: appId, onChanged }) {
  const found = useAnswer(address(["apps", appId]));
  const changed = () => {
    found[2]();
    onChanged();
  };
  return html`<${Answer} of=${found}>
    ${(app) => html`<${Head} title=${say("settings")} above=${[[place("apps"), say("title")], [place("apps", appId, "people"), app.name]]} />
      <${Keys} app=${app} onChanged=${changed} />
      <${SettingsForm} key=${app.updated_at} app=${app} onChanged=${changed} />`}
  <//>`;
}

function Keys({ app, onChanged }) {
  const [asking, confirm] = useState("");
  const [made, show] = useState(null);
  const rotate = async () => {
    const answer = await tried(() => ask("POST", address(["apps", app.app_id, "keys"]), { keys: [asking] }));
    if (answer) show(answer);
  };
  return html`<section class="panel">
    <h2>${say("keys")}</h2>
    <p class="note">${say("keysLead")}</p>
    <${Facts}
      of=${KEYS.map((name) => [
        say(name),
        html`<span class="row"><code>${app[name]}</code><button class="quiet outlined" type="button" aria-label=${`${say("rotate")}: ${say(name)}`} onClick=${() => confirm(name)}>${say("rotate")}</button></span>`,
      ])}
    />
    ${asking &&
    html`<${Confirm}
      title=${say("rotateIt", say(asking))}
      text=${say(asking === "token_secret" ? "rotateSecret" : "rotateWhy")}
      act=${say("rotate")}
      onClose=${() => confirm("")}
      onDo=${rotate}
    />`}
    ${made &&
    html`<${Once}
      made=${made}
      onClose=${() => {
        show(null);
        onChanged();
      }}
    />`}
  </section>`;
}

function SettingsForm({ app, onChanged }) {
  const before = { name: app.name, policy: app.policy, ...app.settings };
  const [now, fill] = useState(before);
  const different = Object.keys(now).filter((name) => now[name] !== before[name]);
  const change = ({ target: { name, type, checked, value } }) => {
    if (type === "checkbox") fill({ ...now, [name]: checked });
    else if (typeof before[name] === "number" || name === "recall_window") fill({ ...now, [name]: value === "" ? null : Number(value) });
    else fill({ ...now, [name]: value });
  };
  const submit = async (event) => {
    event.preventDefault();
    const settings = Object.fromEntries(different.filter((name) => name in app.settings).map((name) => [name, now[name]]));
    const body = { settings };
    for (const name of ["name", "policy"]) if (different.includes(name)) body[name] = now[name];
    if (await tried(() => ask("PATCH", address(["apps", app.app_id]), body), say("saved"))) onChanged();
  };
  return html`<form class="settings" onSubmit=${submit} onInput=${change}>
    <fieldset class="panel"><legend>${say("general")}</legend>
      <label class="field">${say("name")}<input name="name" required value=${now.name} /></label>
      <${PolicyField} value=${now.policy} />
    </fieldset>
    ${Object.entries(GROUPS).map(
      ([group, names]) => html`<fieldset key=${group} class="panel"><legend>${say(group)}</legend>
        ${names.map((name) => html`<${Setting} key=${name} name=${name} value=${now[name]} was=${before[name]} />`)}
      </fieldset>`,
    )}
    <div class="foot row">
      <button class="act" type="submit" disabled=${different.length === 0}>${say("save")}</button>
      <button class="quiet" type="button" disabled=${different.length === 0} onClick=${() => fill(before)}>${say("undo")}</button>
    </div>
  </form>`;
}

function Setting({ name, value, was }) {
  if (typeof was === "boolean") {
    return html`<label class="check"><input type="checkbox" name=${name} checked=${value} /> ${say(name)}</label>`;
  }
  if (name === "provider") {
    return html`<label class="field">${say(name)}<select name=${name} value=${value}>${["embedded", "rongcloud"].map((each) => html`<option key=${each} value=${each}>${each}</option>`)}</select></label>`;
  }
  const secret = SECRETS.has(name);
  const number = typeof was === "number" || name === "recall_window";
  const shown = secret && value === was ? "" : (value ?? "");
  return html`<label class="field"
    >${say(name)}
    <input name=${name} type=${number ? "number" : "text"} min=${number ? 0 : undefined} autocomplete="off" spellcheck="false" placeholder=${secret && was ? `${was} · ${say("secret")}` : ""} value=${shown} />
  </label>`;
}

