// The REST page, drawn from /openapi.json.

import { Schemas, failed, h, json, loaded, navigation, remember, remembered, sample, spans, words } from "./page.js";

const METHODS = ["get", "post", "put", "patch", "delete"];

loaded("/openapi.json").then(draw).catch(failed);

function draw(api) {
  const schemas = new Schemas(api);
  const tags = new Map(api.tags.map((tag) => [tag.name, { ...tag, calls: [] }]));
  for (const [path, item] of Object.entries(api.paths)) {
    for (const method of METHODS.filter((name) => item[name])) {
      const operation = item[method];
      tags.get(operation.tags[0]).calls.push({ path, method, operation, id: operation.operationId });
    }
  }
  const groups = [...tags.values()].filter((tag) => tag.calls.length);
  document.getElementById("content").replaceChildren(
    h("header", { id: "about" }, h("h1", {}, api.info.title), h("p", { class: "note" }, `Version ${api.info.version}`), words(api.info.description), (api["x-apis"] || []).filter((one) => one.name !== "server").map((one) => words(one.description))),
    credentials(api),
    h("section", { id: "codes" }, codes(groups)),
    ...groups.map((tag) =>
      h(
        "section",
        { class: "group" },
        h("h2", {}, tag.name),
        tag.calls.map((call) => later(call, () => drawn(call, api, schemas))),
      ),
    ),
  );
  navigation([
    { title: "Start", links: [{ id: "about", title: "About" }, { id: "credentials", title: "Credentials" }, { id: "codes", title: "Codes" }] },
    ...groups.map((tag) => ({
      title: tag.name,
      links: tag.calls.map((call) => ({
        id: call.id,
        title: call.operation.summary,
        badge: h("span", { class: `method ${call.method}` }, call.method === "delete" ? "DEL" : call.method.toUpperCase()),
        hay: `${call.path} ${call.method} ${tag.name} ${call.operation.description || ""}`,
      })),
    })),
  ]);
}

// Credentials: filled in once, used by every "Try it" and every curl on the page.

const shown = {
  "app-id": remembered("app-id", "666666"),
  "app-key": remembered("app-key", "master"),
  token: remembered("token", ""),
};
const listeners = [];

function credentials(api) {
  const input = (name, label) =>
    h(
      "label",
      {},
      label,
      h("input", {
        value: shown[name],
        autocomplete: "off",
        spellcheck: "false",
        oninput: (event) => {
          shown[name] = event.target.value.trim();
          remember(name, shown[name]);
          for (const listener of listeners) listener();
        },
      }),
    );
  const schemes = Object.values(api.components.securitySchemes || {});
  return h(
    "section",
    { class: "panel", id: "credentials" },
    h("h2", {}, "Credentials"),
    h(
      "ul",
      {},
      schemes.map((scheme) =>
        h("li", {}, h("code", {}, scheme.name || "Authorization: Bearer …"), " ", spans(scheme.description || "")),
      ),
    ),
    h("div", { class: "row" }, input("app-id", "app-id"), input("app-key", "app-key (server key)"), input("token", "Client token, instead of the key")),
    h("p", { class: "note" }, "Used by every “Try it” and every curl below; kept in this tab only."),
  );
}

function headers(operation) {
  if (operation.security && !operation.security.length) return {};
  const sent = {};
  if (shown["app-id"]) sent["app-id"] = shown["app-id"];
  if (shown.token) sent.Authorization = `Bearer ${shown.token}`;
  else if (shown["app-key"]) sent["app-key"] = shown["app-key"];
  return sent;
}

// All codes there are, gathered from the answers' descriptions.

function codes(groups) {
  const rows = new Map();
  for (const { operation } of groups.filter((tag) => tag["x-api"] !== "server").flatMap((tag) => tag.calls)) {
    for (const [status, answer] of Object.entries(operation.responses)) {
      for (const row of refusals(status, answer)) rows.set(row.join("|"), row);
    }
  }
  const sorted = [...rows.values()].sort((a, b) => a[0].localeCompare(b[0]) || Number(a[1]) - Number(b[1]));
  return [h("h2", {}, "Codes"), h("p", {}, "What is refused changes nothing. ", h("code", {}, "message"), " names the field."), table(sorted)];
}

function refusals(status, answer) {
  const lines = (answer.description || "").split("\n").filter((line) => line.startsWith("- `"));
  return lines.map((line) => [status, ...line.match(/^- `([^`]+)` (.*)$/).slice(1)]);
}

function table(rows) {
  return h(
    "table",
    { class: "codes" },
    h("tbody", {}, rows.map(([status, code, said]) => h("tr", {}, h("td", {}, status), h("td", {}, code), h("td", {}, said)))),
  );
}

// One call: an empty place at first, drawn when it comes near or when there is nothing else to do. There are hundreds.

const waiting = new Map();
const near = new IntersectionObserver((seen) => seen.filter((one) => one.isIntersecting).forEach((one) => fill(one.target)), {
  rootMargin: "1000px",
});
const whenIdle = window.requestIdleCallback ?? ((then) => setTimeout(then, 20));

function later({ id }, draw) {
  const place = h("article", { class: "call", id });
  waiting.set(place, draw);
  near.observe(place);
  if (waiting.size === 1) whenIdle(fillNext);
  return place;
}

function fill(place) {
  near.unobserve(place);
  place.append(...(waiting.get(place)?.() ?? []));
  waiting.delete(place);
}

function fillNext(idle) {
  for (const place of waiting.keys()) {
    fill(place);
    if (!(idle?.timeRemaining() > 4)) break;
  }
  if (waiting.size) whenIdle(fillNext);
}

function drawn(call, api, schemas) {
  const { path, method, operation, id } = call;
  const all = (operation.parameters || []).filter((one) => one.in !== "header");
  const inPath = all.filter((one) => one.in === "path");
  const inQuery = all.filter((one) => one.in === "query");
  const body = operation.requestBody && Object.entries(operation.requestBody.content)[0];
  const [status, succeeded] = Object.entries(operation.responses).find(([code]) => code.startsWith("2"));
  // An answer with 204 has nothing in it.
  const success = Object.entries(succeeded.content || {})[0];
  const refused = Object.entries(operation.responses).flatMap(([status, answer]) => refusals(status, answer));
  return [
    h(
      "header",
      {},
      h("h3", {}, operation.summary, h("a", { class: "anchor", href: `#${id}`, "aria-label": "Link to this call" }, "#")),
      h("div", { class: "address" }, h("span", { class: `method ${method}` }, method.toUpperCase()), h("span", {}, address(path))),
      words(operation.description),
    ),
    h(
      "div",
      {},
      inPath.length ? [h("h4", {}, "In the address"), parameters(inPath, schemas)] : null,
      inQuery.length ? [h("h4", {}, "In the query string, or in a JSON body"), parameters(inQuery, schemas)] : null,
      body && !(inQuery.length && method === "get") ? requestBody(body, schemas) : null,
      h("h4", {}, "Answer"),
      success ? answer(success, schemas) : h("p", {}, h("code", {}, status), ", without anything in it."),
      refused.length ? h("details", {}, h("summary", {}, `Refusals (${refused.length})`), table(refused)) : null,
    ),
    h("div", { class: "samples" }, samples(call, inPath, inQuery, body, status, success)),
  ];
}

function address(path) {
  return path.split(/(\{[^}]+\})/).map((part) => (part.startsWith("{") ? h("b", {}, part) : part));
}

function parameters(list, schemas) {
  return h(
    "table",
    { class: "fields" },
    h("tbody", {}, list.map((one) => schemas.field(one.name, { ...one.schema, description: one.description }, one.required))),
  );
}

function requestBody([type, content], schemas) {
  const alternatives = content.schema.anyOf || [content.schema];
  return [
    h("h4", {}, type === "application/json" ? "JSON body" : "Multipart form"),
    alternatives.map((one, at) => [at ? h("p", { class: "note" }, "or") : null, schemas.fields(one)]),
  ];
}

// The part of an answer that is not its envelope.
function payload(schema, schemas) {
  const part = schema.allOf?.find((one) => one.properties?.data);
  if (part) return part.properties.data;
  const whole = (schema.anyOf || []).find((one) => payload(one, schemas));
  return whole ? payload(whole, schemas) : null;
}

function answer([type, content], schemas) {
  const data = payload(content.schema, schemas);
  const schema = data || content.schema;
  const inside = schemas.inner(schema);
  const enveloped = data ? ["In ", h("code", {}, "data"), ": "] : [];
  if (!inside.length) return h("p", {}, enveloped, type === "application/json" ? schemas.kind(schema) : h("code", {}, type), ".");
  return [data ? h("p", { class: "note" }, enveloped) : null, inside.map((one, at) => [at ? h("p", { class: "note" }, "or") : null, schemas.fields(one, { marks: false })])];
}

// curl, examples, and the form to try it

function samples(call, inPath, inQuery, body, status, success) {
  const { path, method, operation } = call;
  const upload = body && body[0] !== "application/json";
  const byQuery = inQuery.length > 0 && method === "get";
  const example = body && body[1].example;
  const state = { path: {}, query: {}, body: !upload && !byQuery && example ? JSON.stringify(example, null, 2) : "" };
  if (byQuery && example) {
    for (const one of inQuery) {
      const value = example[one.name];
      if (value !== undefined) state.query[one.name] = typeof value === "object" ? JSON.stringify(value) : String(value);
    }
  }
  const command = h("code", {});
  const redraw = () => (command.textContent = curl(call, state, upload));
  listeners.push(redraw);
  redraw();
  return [
    sample("curl", command),
    form(call, state, redraw, { inPath, inQuery: byQuery ? inQuery : [], body: body && !byQuery, upload }),
    success?.[1].example !== undefined ? sample(`${status}, an example`, json(success[1].example)) : null,
  ];
}

function curl({ path, method, operation }, state, upload) {
  const filled = path.replace(/\{([^}]+)\}/g, (whole, name) => (state.path[name] ? encodeURIComponent(state.path[name]) : whole));
  const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  const lines = [`curl -X ${method.toUpperCase()}`];
  for (const [name, value] of Object.entries(headers(operation))) lines.push(`  -H ${quoted(`${name}: ${value}`)}`);
  const query = Object.entries(state.query).filter(([, value]) => value);
  if (query.length) lines.push("  -G");
  for (const [name, value] of query) lines.push(`  --data-urlencode ${quoted(`${name}=${value}`)}`);
  if (upload) lines.push("  -F 'file=@picture.jpg'");
  if (state.body) lines.push("  -H 'Content-Type: application/json'", `  -d ${quoted(compact(state.body))}`);
  lines.push(`  ${quoted(location.origin + filled)}`);
  return lines.join(" \\\n");
}

function compact(text) {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}

function form(call, state, redraw, { inPath, inQuery, body, upload }) {
  const answered = h("div", { "aria-live": "polite" });
  const file = upload ? h("input", { type: "file", required: true }) : null;
  const input = (where, one) =>
    h(
      "label",
      {},
      one.name,
      h("input", {
        value: state[where][one.name] || "",
        spellcheck: "false",
        autocomplete: "off",
        required: one.required,
        oninput: (event) => {
          state[where][one.name] = event.target.value;
          redraw();
        },
      }),
    );
  const send = h("button", { class: "act" }, "Send");
  return h(
    "details",
    { class: "try" },
    h("summary", {}, "Try it"),
    h(
      "form",
      {
        onsubmit: async (event) => {
          event.preventDefault();
          send.disabled = true;
          try {
            answered.replaceChildren(await tried(call, state, file));
          } catch (error) {
            answered.replaceChildren(h("p", { class: "status wrong" }, String(error.message || error)));
          } finally {
            send.disabled = false;
          }
        },
      },
      inPath.map((one) => input("path", one)),
      inQuery.map((one) => input("query", one)),
      file ? h("label", {}, "file", file) : null,
      body && !upload
        ? h(
            "label",
            {},
            "JSON body",
            h("textarea", {
              value: state.body,
              spellcheck: "false",
              oninput: (event) => {
                state.body = event.target.value;
                redraw();
              },
            }),
          )
        : null,
      h("p", {}, send),
    ),
    answered,
  );
}

async function tried({ path, method, operation }, state, file) {
  const address = new URL(path.replace(/\{([^}]+)\}/g, (_, name) => encodeURIComponent(state.path[name] || "")), location.origin);
  for (const [name, value] of Object.entries(state.query)) if (value) address.searchParams.set(name, value);
  const asked = { method: method.toUpperCase(), headers: headers(operation) };
  if (file) {
    asked.body = new FormData();
    asked.body.append("file", file.files[0]);
  } else if (state.body && method !== "get") {
    asked.body = state.body;
    asked.headers["Content-Type"] = "application/json";
  }
  const began = performance.now();
  const answer = await fetch(address, asked);
  const text = await answer.text();
  const took = Math.round(performance.now() - began);
  let content;
  let refused = !answer.ok;
  try {
    const found = JSON.parse(text);
    refused ||= Boolean(found && found.code);
    content = json(found);
  } catch {
    content = h("code", {}, text);
  }
  const title = h("span", {}, h("span", { class: `status ${refused ? "wrong" : "right"}` }, String(answer.status)), ` in ${took} ms, request ${answer.headers.get("X-Request-Id")}`);
  return sample(title, content);
}
