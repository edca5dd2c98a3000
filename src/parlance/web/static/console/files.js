// What was uploaded.

import { html, useState } from "../look/view.js";
import { bytes } from "../look/pieces.js";
import { words } from "../look/words.js";
import { address, ask } from "./api.js";
import { Answer, Confirm, Head, Pager, When, place, tried, useAnswer } from "./parts.js";

const say = words({
  title: ["Files", "文件"],
  apps: ["Apps", "应用"],
  all: [(size) => `${size} in all`, (size) => `共 ${size}`],
  name: ["Name", "名称"],
  type: ["Type", "类型"],
  size: ["Size", "大小"],
  who: ["Uploaded by", "上传者"],
  when: ["When", "时间"],
  none: ["Nothing was uploaded yet.", "还没有上传文件。"],
  backend: ["the backend", "后端"],
  delete: ["Delete", "删除"],
  deleteIt: [(name) => `Delete ${name}?`, (name) => `删除 ${name}？`],
  deleteWhy: ["Its bytes are deleted for good. Messages that point to it stay, and lead nowhere.", "文件内容将被永久删除；指向它的消息保留，但无法打开。"],
  deleted: ["Deleted", "已删除"],
});

export function Files({ app, appName, query, onQuery }) {
  const path = address(["apps", app, "files"]);
  const found = useAnswer(address(["apps", app, "files"], { page: query.page }));
  const [asking, confirm] = useState(null);
  const remove = async () => {
    if (await tried(() => ask("DELETE", path, { key: asking.key }), say("deleted"))) found[2]();
  };
  return html`<${Head} title=${say("title")} above=${[[place("apps"), say("apps")], [place("apps", app, "settings"), appName]]}>
      ${found[0] && html`<span class="badge">${say("all", bytes(found[0].bytes))}</span>`}
    <//>
    <${Answer} of=${found}>
      ${({ files, page, pages, total }) =>
        files.length === 0
          ? html`<p class="empty">${say("none")}</p>`
          : html`<div class="scrolling" tabindex="0" role="region" aria-label=${say("title")}><table class="table">
                <thead><tr><th>${say("name")}</th><th class="wide">${say("type")}</th><th class="number">${say("size")}</th><th class="wide">${say("who")}</th><th class="wide">${say("when")}</th><th></th></tr></thead>
                <tbody>
                  ${files.map(
                    (file) => html`<tr key=${file.key}>
                      <td><a href=${file.path} target="_blank" rel="noreferrer">${file.name}</a></td>
                      <td class="wide">${file.content_type}</td>
                      <td class="number">${bytes(file.size)}</td>
                      <td class="wide">${file.uploader ? html`<a href=${place("apps", app, "people", file.uploader)}>${file.uploader}</a>` : say("backend")}</td>
                      <td class="wide"><${When} ms=${file.created_at} /></td>
                      <td class="number"><button class="quiet outlined" type="button" aria-label=${`${say("delete")}: ${file.name}`} onClick=${() => confirm(file)}>${say("delete")}</button></td>
                    </tr>`,
                  )}
                </tbody>
              </table></div>
              <${Pager} page=${page} pages=${pages} total=${total} onPage=${(to) => onQuery({ page: to })} />`}
    <//>
    ${asking && html`<${Confirm} title=${say("deleteIt", asking.name)} text=${say("deleteWhy")} act=${say("delete")} onClose=${() => confirm(null)} onDo=${remove} />`}`;
}
