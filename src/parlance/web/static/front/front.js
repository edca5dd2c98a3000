// Where to begin, on a server in earnest.

import { html, show } from "/static/look/view.js";
import { Bar } from "/static/look/pieces.js";
import { words } from "/static/look/words.js";

const say = words({
  running: ["This chat server is running", "聊天服务器正在运行"],
  lead: [
    "Your backend makes users and conversations over REST; your clients talk over a WebSocket. Every message is stored before it is acknowledged.",
    "后端通过 REST 创建用户和会话；客户端通过 WebSocket 聊天。每条消息都先存储，再确认。",
  ],
  rest: ["REST API", "REST API"],
  restAbout: ["Every call, with examples, a curl to copy and a form to try it.", "每个调用都有示例、可复制的 curl 和试用表单。"],
  socket: ["Socket", "Socket"],
  socketAbout: ["Every frame that a client sends and gets, and a console to send some.", "客户端收发的每一种帧，以及用来试发的控制台。"],
  console: ["Console", "控制台"],
  consoleAbout: ["For who looks after the server: figures, apps, people, and why a message did not arrive.", "供服务器管理者使用：指标、应用、用户，以及消息为什么没有收到。"],
  machines: ["For machines", "给机器看的"],
  described: ["Both, described for generators and tests:", "两者的描述，供代码生成和测试使用："],
  health: ["Whether the process is alive, whether it should get traffic, and what it has counted:", "进程是否存活、是否应接收流量、统计了什么："],
});

const LISTS = [
  ["described", ["/openapi.json", "/asyncapi.json"]],
  ["health", ["/healthz", "/readyz", "/metrics"]],
];

function Front() {
  return html`
    <${Bar} links=${[["/docs", "REST"], ["/docs/socket", say("socket")]]} />
    <main class="front">
      <h1>${say("running")}</h1>
      <p class="lead">${say("lead")}</p>
      <ul class="doors">
        <li><a href="/docs"><strong>${say("rest")}</strong><span>${say("restAbout")}</span></a></li>
        <li><a href="/docs/socket"><strong>${say("socket")}</strong><span>${say("socketAbout")}</span></a></li>
        <li><a href="/console"><strong>${say("console")}</strong><span>${say("consoleAbout")}</span></a></li>
      </ul>
      <h2>${say("machines")}</h2>
      <ul>
        ${LISTS.map(
          ([about, addresses]) =>
            html`<li key=${about}>${say(about)} ${addresses.map((to) => html`<a key=${to} href=${to}>${to.slice(1)}</a> `)}</li>`,
        )}
      </ul>
    </main>
  `;
}

const app = document.getElementById("app");
app.replaceChildren();
show(Front, app);
