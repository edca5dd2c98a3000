// The log of what operators did.

import { html } from "../look/view.js";
import { words } from "../look/words.js";
import { address } from "./api.js";
import { Answer, Head, Search, When, say as common, useAnswer } from "./parts.js";

const say = words({
  title: ["Log", "审计日志"],
  lead: ["Everything that operators do, and every look at what people said. Entries are kept for 400 days.", "操作员的每一次操作，以及每一次查看用户消息。保留 400 天。"],
  any: ["Every action", "全部操作"],
  action: ["Action", "操作"],
  operator: ["Operator", "操作员"],
  subject: ["Whom or what it was about", "操作对象"],
  when: ["When", "时间"],
  who: ["Who", "操作员"],
  what: ["What", "操作"],
  on: ["To what", "对象"],
  outcome: ["Outcome", "结果"],
  done: ["done", "完成"],
  begun: ["begun", "已开始"],
  none: ["Nothing is written down that fits.", "没有符合条件的记录。"],
  login: ["logged in", "登录"],
  "login.link": ["followed a link", "链接登录"],
  logout: ["logged out", "退出"],
  "password.change": ["changed the password", "修改密码"],
  "app.create": ["made an app", "新建应用"],
  "app.change": ["changed an app", "修改应用"],
  "app.rotate": ["made keys anew", "重新生成密钥"],
  "user.ban": ["banned", "封禁用户"],
  "user.unban": ["let in again", "解除封禁"],
  "user.kick": ["threw out", "踢下线"],
  "user.erase": ["erased", "抹除用户"],
  "user.export": ["exported", "导出用户"],
  "conversation.dissolve": ["dissolved", "解散会话"],
  "conversation.read": ["read messages", "查看消息"],
  "message.recall": ["took a message back", "撤回消息"],
  "message.trace": ["followed a message", "追踪消息"],
  "file.list": ["looked at files", "查看文件"],
  "file.delete": ["deleted a file", "删除文件"],
  "delivery.replay": ["told webhooks again", "重新投递"],
});

export function Log({ query, onQuery }) {
  const { action = "", operator = "", subject = "", before = "" } = query;
  const found = useAnswer(address(["audit"], { action, operator, subject, before }), before ? 0 : 5000);
  const look = (news) => onQuery({ action, operator, subject, ...news, before: "" });
  const actions = found[0]?.actions ?? (action ? [action] : []);
  return html`<${Head} title=${say("title")} />
    <p class="lead">${say("lead")}</p>
    <div class="row filters">
      <select class="narrow" aria-label=${say("action")} value=${action} onChange=${(event) => look({ action: event.target.value })}>
        <option value="">${say("any")}</option>
        ${actions.map((each) => html`<option key=${each} value=${each}>${say(each)}</option>`)}
      </select>
      <${Search} value=${operator} label=${say("operator")} onSearch=${(text) => look({ operator: text })} />
      <${Search} value=${subject} label=${say("subject")} onSearch=${(text) => look({ subject: text })} />
    </div>
    <${Answer} of=${found}>
      ${({ entries, more }) =>
        entries.length === 0
          ? html`<p class="empty">${say("none")}</p>`
          : html`<div class="scrolling" tabindex="0" role="region" aria-label=${say("title")}><table class="table">
                <thead><tr><th>${say("when")}</th><th>${say("who")}</th><th>${say("what")}</th><th class="wide">${say("on")}</th><th>${say("outcome")}</th></tr></thead>
                <tbody>
                  ${entries.map(
                    (entry) => html`<tr key=${entry.id}>
                      <td><${When} ms=${entry.at} /></td>
                      <td>${entry.operator || "–"}<span class="note mono under">${entry.address}</span></td>
                      <td>${say(entry.action)}${entry.detail && html`<span class="note under">${entry.detail}</span>`}</td>
                      <td class="wide"><span class="mono small">${[entry.app_id, entry.subject].filter(Boolean).join(" / ")}</span></td>
                      <td><${Outcome} outcome=${entry.outcome} /></td>
                    </tr>`,
                  )}
                </tbody>
              </table></div>
              <div class="pager row">
                <button class="quiet outlined" type="button" disabled=${!before} onClick=${() => history.back()}>${common("newer")}</button>
                <button class="quiet outlined" type="button" disabled=${!more} onClick=${() => onQuery({ action, operator, subject, before: entries.at(-1).id })}>${common("older")}</button>
              </div>`}
    <//>`;
}

function Outcome({ outcome }) {
  const kind = { done: "right", begun: "warn" }[outcome] ?? "wrong";
  return html`<span class=${`badge ${kind}`}>${["done", "begun"].includes(outcome) ? say(outcome) : outcome.replaceAll("_", " ")}</span>`;
}
