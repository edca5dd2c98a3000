// The console: where one is, who one is, and the way around.

import { html, show, useCallback, useEffect, useRef, useState } from "../look/view.js";
import { LanguageButton, ThemeButton, Toasts } from "../look/pieces.js";
import { words } from "../look/words.js";
import { begin, followLink, logOut, session, whenSessionChanges } from "./api.js";
import { AppSettings, Apps } from "./apps.js";
import { Conversation, Conversations } from "./conversations.js";
import { Deliveries } from "./deliveries.js";
import { Files } from "./files.js";
import { Log } from "./log.js";
import { Login, Password } from "./login.js";
import { Overview } from "./overview.js";
import { place, tried, useAnswer } from "./parts.js";
import { People, Person } from "./people.js";
import { Why } from "./trace.js";

const say = words({
  overview: ["Overview", "概览"],
  why: ["Why did it not arrive?", "为什么没有收到？"],
  apps: ["Apps", "应用"],
  log: ["Log", "审计日志"],
  app: ["App", "应用"],
  people: ["People", "用户"],
  conversations: ["Conversations", "会话"],
  files: ["Files", "文件"],
  deliveries: ["Webhooks", "Webhook"],
  settings: ["Settings", "设置"],
  leave: ["Log out", "退出登录"],
  password: ["Change the password", "修改密码"],
  menu: ["Menu", "菜单"],
  away: ["The server does not answer. This page goes on when it is back.", "服务器没有应答，恢复后页面将自动继续。"],
  nothing: ["There is nothing at this address.", "此地址没有内容。"],
  skip: ["To the content", "跳到内容"],
  loading: ["One moment…", "请稍候…"],
  title: ["Console", "控制台"],
});

const LINK = /^#login=([A-Za-z0-9]+)$/;
const OF_APP = ["people", "conversations", "files", "deliveries", "settings"];

// Where one is: the parts of the address, and what is asked there.
function here() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const parts = path.split("/").filter(Boolean).map((part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  });
  return { parts, query: Object.fromEntries(new URLSearchParams(query)) };
}

function useHere() {
  const [at, go] = useState(here);
  useEffect(() => {
    const moved = () => go(here());
    addEventListener("hashchange", moved);
    return () => removeEventListener("hashchange", moved);
  }, []);
  return at;
}

function useSession() {
  const [, turn] = useState(0);
  useEffect(() => whenSessionChanges(() => turn((times) => times + 1)), []);
  return session;
}

function Console() {
  const { known, operator, away } = useSession();
  const [linkFailed, fail] = useState(false);
  useEffect(() => {
    const link = LINK.exec(location.hash);
    if (!link) {
      begin();
      return;
    }
    history.replaceState(null, "", location.pathname);
    followLink(link[1]).catch(() => {
      fail(true);
      begin();
    });
  }, []);
  if (!known) return html`<p class="empty" role="status">${away ? say("away") : say("loading")}</p>`;
  return html`${operator ? html`<${Inside} away=${away} operator=${operator} />` : html`<${Login} linkFailed=${linkFailed} />`}<${Toasts} />`;
}

function Inside({ away, operator }) {
  const { parts, query } = useHere();
  const apps = useAnswer("/admin/apps");
  const known = apps[0]?.apps ?? [];
  const [open, unfold] = useState(false);
  const [last, remember] = useState("");
  const [changing, change] = useState(false);
  const main = useRef(null);
  const app = parts[0] === "apps" && parts[1] ? parts[1] : last || known[0]?.app_id || "";
  const address = parts.join("/");
  useEffect(() => {
    if (parts[0] === "apps" && parts[1]) remember(parts[1]);
    unfold(false);
    scrollTo(0, 0);
    const heading = main.current?.querySelector("h1")?.textContent;
    document.title = `${heading ? `${heading} · ` : ""}${say("title")} · Parlance`;
  }, [address]);
  const onQuery = useCallback(
    (asked) => {
      const said = new URLSearchParams(Object.entries(asked).filter(([, value]) => value !== "" && value !== undefined));
      location.hash = `${place(...parts)}${String(said) ? `?${said}` : ""}`;
    },
    [address],
  );
  return html`<a class="skip" href="#main" onClick=${(event) => { event.preventDefault(); main.current.querySelector("h1, main")?.focus(); }}>${say("skip")}</a>
    <header class="bar">
      <button class="quiet menu" type="button" aria-expanded=${String(open)} aria-controls="ways" aria-label=${say("menu")} onClick=${() => unfold(!open)}>☰</button>
      <a class="name" href="#/"><img src="/static/look/favicon.svg" alt="" /><span>Parlance</span></a>
      <span class="badge wide">${say("title")}</span>
      <span class="space"></span>
      <button class="quiet operator" type="button" title=${say("password")} onClick=${() => change(true)}>${operator}</button>
      <button class="quiet" type="button" onClick=${() => tried(logOut)}>${say("leave")}</button>
      <${LanguageButton} /><${ThemeButton} />
    </header>
    ${changing && html`<${Password} onClose=${() => change(false)} />`}
    ${away && html`<p class="away" role="status">${say("away")}</p>`}
    <div class="frame">
      <${Ways} open=${open} parts=${parts} app=${app} apps=${known} />
      <main id="main" ref=${main}><${View} key=${address} parts=${parts} query=${query} onQuery=${onQuery} apps=${known} onAppsChanged=${apps[2]} /></main>
    </div>`;
}

function Ways({ open, parts, app, apps }) {
  const [first = "", , section = ""] = parts;
  const way = (name, href, now) => html`<a key=${name} href=${href} aria-current=${now ? "page" : undefined}>${say(name)}</a>`;
  const go = (event) => (location.hash = place("apps", event.target.value, OF_APP.includes(section) ? section : "people"));
  return html`<nav id="ways" class=${open ? "ways open" : "ways"} aria-label=${say("menu")}>
    ${way("overview", "#/", first === "")} ${way("why", "#/why", first === "why")} ${way("apps", "#/apps", first === "apps" && !parts[1])}
    ${way("log", "#/log", first === "log")}
    ${app &&
    html`<label class="field">${say("app")}
        <select value=${app} onChange=${go}>
          ${apps.map((each) => html`<option key=${each.app_id} value=${each.app_id}>${each.name}</option>`)}
          ${!apps.some(({ app_id: id }) => id === app) && html`<option value=${app}>${app}</option>`}
        </select>
      </label>
      ${OF_APP.map((name) => way(name, place("apps", app, name), first === "apps" && section === name))}`}
  </nav>`;
}

function View({ parts, query, onQuery, apps, onAppsChanged }) {
  const [first, app, section, one] = parts;
  if (!first) return html`<${Overview} />`;
  if (first === "why") return html`<${Why} id=${app ?? ""} />`;
  if (first === "log") return html`<${Log} query=${query} onQuery=${onQuery} />`;
  if (first === "apps" && !app) return html`<${Apps} onChanged=${onAppsChanged} />`;
  if (first === "apps") {
    const appName = apps.find(({ app_id: id }) => id === app)?.name ?? app;
    const of = { app, appName, query, onQuery };
    if (section === "people") return one ? html`<${Person} ...${of} client=${one} />` : html`<${People} ...${of} />`;
    if (section === "conversations") return one ? html`<${Conversation} ...${of} id=${one} />` : html`<${Conversations} ...${of} />`;
    if (section === "files") return html`<${Files} ...${of} />`;
    if (section === "deliveries") return html`<${Deliveries} ...${of} />`;
    if (section === "settings") return html`<${AppSettings} app=${app} onChanged=${onAppsChanged} />`;
  }
  return html`<p class="empty">${say("nothing")}</p>`;
}

show(Console, document.getElementById("app"));
