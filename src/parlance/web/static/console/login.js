// Coming in: by name and password, or by a link that the command line gave out.

import { html, useEffect, useRef, useState } from "../look/view.js";
import { Dialog, LanguageButton, ThemeButton, toast } from "../look/pieces.js";
import { words } from "../look/words.js";
import { Refused, changePassword, logIn, session } from "./api.js";
import { say as common } from "./parts.js";

const say = words({
  title: ["Console", "控制台"],
  lead: ["For who looks after this server.", "供服务器管理员使用。"],
  name: ["Name", "用户名"],
  password: ["Password", "密码"],
  enter: ["Log in", "登录"],
  expired: ["Your session is over. Log in again: you come back to where you were.", "会话已过期。请重新登录，将回到刚才的页面。"],
  wrong: ["The name or the password is wrong.", "用户名或密码错误。"],
  wait: [(seconds) => `Too many attempts. Wait ${seconds} s.`, (seconds) => `尝试过多，请等待 ${seconds} 秒。`],
  used: ["This link has been used, or is too old.", "此链接已被使用或已过期。"],
  change: ["Change the password", "修改密码"],
  old: ["The old one", "旧密码"],
  wanted: ["The new one: ten characters or more", "新密码：至少十个字符"],
  changed: ["Changed. Log in with the new one.", "已修改，请用新密码登录。"],
  wrongOld: ["The old password is wrong.", "旧密码错误。"],
  away: ["The server does not answer just now.", "服务器暂无应答。"],
  forgot: ["No password? On the server's machine:", "没有密码？请在服务器上运行："],
  insecure: [
    "The console is served over https, or at this machine's own address: open it through https, or through a tunnel (ssh -L). PARLANCE_CONSOLE=plain serves it all the same.",
    "控制台仅通过 https 或本机地址提供：请使用 https 或隧道（ssh -L）访问；设置 PARLANCE_CONSOLE=plain 可取消此限制。",
  ],
});

export function Login({ linkFailed }) {
  const [wrong, refuse] = useState("");
  const [wait, hold] = useState(0);
  const [busy, work] = useState(false);
  const form = useRef(null);
  useEffect(() => {
    if (!form.current) return;
    form.current.elements.name.value = "admin";
    form.current.elements.password.focus();
  }, []);
  useEffect(() => {
    if (wait <= 0) return undefined;
    const timer = setTimeout(() => hold(wait - 1), 1000);
    return () => clearTimeout(timer);
  }, [wait]);
  const submit = async (event) => {
    event.preventDefault();
    const { name, password } = form.current.elements;
    work(true);
    refuse("");
    try {
      await logIn(name.value, password.value);
    } catch (error) {
      if (!(error instanceof Refused)) refuse(say("away"));
      else if (error.status === 429) hold(error.retryAfter || 1);
      else refuse(error.status === 401 ? say("wrong") : error.message);
      if (form.current) {
        form.current.elements.password.value = "";
        form.current.elements.password.focus();
      }
    }
    work(false);
  };
  const news = wait > 0 ? say("wait", wait) : wrong || (linkFailed && say("used")) || (session.expired && say("expired")) || "";
  return html`<main class="login">
    <div class="row corner"><${LanguageButton} /><${ThemeButton} /></div>
    <form ref=${form} class="panel" onSubmit=${submit}>
      <img src="/static/look/favicon.svg" alt="" />
      <h1>Parlance</h1>
      <p class="lead">${say("lead")}</p>
      <p class=${`news ${wrong || wait > 0 ? "wrong" : "warn"}`} role="alert" hidden=${!news && !session.closed}>${session.closed ? say("insecure") : news}</p>
      <label class="field">${say("name")}<input name="name" autocomplete="username" autocapitalize="none" spellcheck="false" required /></label>
      <label class="field">${say("password")}<input name="password" type="password" autocomplete="current-password" required /></label>
      <button class="act" type="submit" disabled=${busy || wait > 0}>${say("enter")}</button>
      <p class="note">${say("forgot")} <code>parlance console password</code></p>
    </form>
  </main>`;
}

// All sessions end with it, this one too.
export function Password({ onClose }) {
  const [wrong, refuse] = useState("");
  const submit = async (event) => {
    event.preventDefault();
    const { old, wanted } = event.target.elements;
    try {
      await changePassword(old.value, wanted.value);
      toast(say("changed"));
    } catch (error) {
      refuse(error instanceof Refused ? (error.status === 401 ? say("wrongOld") : error.message) : say("away"));
    }
  };
  return html`<${Dialog} title=${say("change")} onClose=${onClose}>
    <form onSubmit=${submit}>
      <p class="news wrong" role="alert" hidden=${!wrong}>${wrong}</p>
      <label class="field">${say("old")}<input name="old" type="password" autocomplete="current-password" required /></label>
      <label class="field">${say("wanted")}<input name="wanted" type="password" autocomplete="new-password" minlength="10" required /></label>
      <div class="actions">
        <button class="quiet" type="button" onClick=${onClose}>${common("cancel")}</button>
        <button class="act" type="submit">${say("change")}</button>
      </div>
    </form>
  <//>`;
}
