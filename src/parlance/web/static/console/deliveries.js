// What an app's own server was told, or could not be.

import { html, useState } from "../look/view.js";
import { Tabs } from "../look/pieces.js";
import { words } from "../look/words.js";
import { address, ask } from "./api.js";
import { Answer, Confirm, Head, When, place, say as common, tried, useAnswer } from "./parts.js";

const say = words({
  title: ["Webhook deliveries", "Webhook 投递"],
  apps: ["Apps", "应用"],
  all: ["All", "全部"],
  waiting: ["Waiting", "等待中"],
  delivered: ["Told", "已送达"],
  dead: ["Dead", "已放弃"],
  kept: ["Kept", "已保留"],
  event: ["Event", "事件"],
  about: ["About", "对象"],
  state: ["State", "状态"],
  attempts: ["Attempts", "尝试"],
  when: ["Happened", "发生于"],
  next: ["next", "下次"],
  none: ["There is nothing here.", "这里什么都没有。"],
  replay: ["Tell again", "重新投递"],
  replayed: ["It is told again", "已重新投递"],
  waits: ["It waits to be told already", "它已在等待投递"],
  replayDead: ["Tell all that is dead again", "重新投递全部已放弃项"],
  replayWhy: ["Everything of this app that nobody took is told again, as if it had never been, in the order of what happened.", "本应用所有未被接收的事件将按发生顺序重新投递。"],
  replayedMany: [({ count }) => `${count} are told again`, ({ count }) => `重新投递 ${count} 项`],
});

const STATES = ["all", "waiting", "delivered", "dead", "kept"];
const KINDS = { delivered: "right", dead: "wrong", waiting: "warn", kept: "" };

export function Deliveries({ app, appName, query, onQuery }) {
  const { state = "all", before = "" } = query;
  const path = address(["apps", app, "deliveries"]);
  const found = useAnswer(address(["apps", app, "deliveries"], { state: state === "all" ? "" : state, before }), before ? 0 : 4000);
  const [asking, confirm] = useState(false);
  const one = async (id) => {
    await tried(() => ask("POST", `${path}/${id}/replay`), ({ count }) => say(count ? "replayed" : "waits"));
    found[2]();
  };
  const many = async () => {
    await tried(() => ask("POST", `${path}/replay`, { only_dead: true }), (answer) => say("replayedMany", answer));
    found[2]();
  };
  return html`<${Head} title=${say("title")} above=${[[place("apps"), say("apps")], [place("apps", app, "settings"), appName]]}>
      <button class="quiet outlined" type="button" onClick=${() => confirm(true)}>${say("replayDead")}</button>
    <//>
    <${Tabs} label=${say("state")} panel="deliveries" tabs=${STATES.map((each) => [each, say(each)])} chosen=${state} onChoose=${(to) => onQuery({ state: to })} />
    <div id="deliveries" role="tabpanel" aria-label=${say(state)}>
    <${Answer} of=${found}>
      ${({ deliveries, more }) =>
        deliveries.length === 0
          ? html`<p class="empty">${say("none")}</p>`
          : html`<div class="scrolling" tabindex="0" role="region" aria-label=${say("title")}><table class="table">
                <thead><tr><th>${say("event")}</th><th class="wide">${say("about")}</th><th>${say("state")}</th><th class="number wide">${say("attempts")}</th><th>${say("when")}</th><th></th></tr></thead>
                <tbody>
                  ${deliveries.map(
                    (each) => html`<tr key=${each.id}>
                      <td>${each.event}<span class="note mono under">${each.hook}</span></td>
                      <td class="wide"><span class="mono small">${each.lane}</span></td>
                      <td><span class=${`badge ${KINDS[each.state]}`}>${say(each.state)}</span>${each.reason && html`<span class="note under">${each.reason}</span>`}</td>
                      <td class="number wide">${each.attempts}${each.state === "waiting" && each.due_at > 0 && html`<span class="note under">${say("next")} <${When} ms=${each.due_at} /></span>`}</td>
                      <td><${When} ms=${each.made_at} /></td>
                      <td class="number">${each.state !== "waiting" && html`<button class="quiet outlined" type="button" onClick=${() => one(each.id)}>${say("replay")}</button>`}</td>
                    </tr>`,
                  )}
                </tbody>
              </table></div>
              <div class="pager row">
                <button class="quiet outlined" type="button" disabled=${!before} onClick=${() => history.back()}>${common("newer")}</button>
                <button class="quiet outlined" type="button" disabled=${!more} onClick=${() => onQuery({ state, before: deliveries.at(-1).id })}>${common("older")}</button>
              </div>`}
    <//>
    </div>
    ${asking && html`<${Confirm} title=${say("replayDead")} text=${say("replayWhy")} act=${say("replay")} onClose=${() => confirm(false)} onDo=${many} />`}`;
}
