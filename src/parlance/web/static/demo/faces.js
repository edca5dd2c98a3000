// The same conversation through every dialect: the call that shows it, a call that does something in it (`deed`: what, if
// it is not to speak), and both as curl.
// `scene`: { stage, conversation, person } of the pane that was used last.

import { DIRECT } from "./chat.js";
import { say } from "./words.js";

const SHOWN = 5;

export const FACES = [
  {
    name: "platform",
    title: "Platform",
    about: () => say("aboutPlatform"),
    see: ({ stage, conversation }) => ({
      method: "GET",
      path: `/im/conversations/${conversation.id}/message`,
      query: { page: 1, size: SHOWN },
      headers: { "app-id": stage.app_id, "app-key": stage.server_key },
    }),
    speak: ({ stage, conversation, person }) => ({
      method: "POST",
      path: `/im/conversations/${conversation.id}/message`,
      headers: { "app-id": stage.app_id, "app-key": stage.server_key },
      body: { from_client: person.client_id, type: -1, text: say("spoken", "platform"), no_sync: 1 },
    }),
  },
  {
    name: "campus",
    title: "Campus",
    about: ({ conversation }) => say(conversation.kind === DIRECT ? "aboutCampusDirect" : "aboutCampus"),
    see: ({ stage, conversation, person }) =>
      conversation.kind === DIRECT
        ? {
            method: "GET",
            path: `/im/signature/conversation/${stage.app_id}/${person.client_id}/${conversation.members.join(":")}`,
            headers: { "app-id": stage.app_id, "app-key": stage.server_key },
          }
        : {
            method: "GET",
            path: `/im/group/${stage.group_id}`,
            query: { client_id: person.client_id },
            headers: { "app-id": stage.app_id, "app-key": stage.server_key },
          },
    deed: "rename",
    speak: ({ stage, conversation }) =>
      conversation.kind !== DIRECT && {
        method: "PUT",
        path: `/im/group/${stage.group_id}`,
        headers: { "app-id": stage.app_id, "app-key": stage.server_key },
        body: { group_name: say("renamed") },
      },
  },
  {
    name: "rong",
    title: "Rong",
    about: ({ conversation }) => say(conversation.kind === DIRECT ? "aboutRongDirect" : "aboutRong"),
    see: ({ stage, conversation, person }) => ({
      method: "GET",
      path: conversation.kind === DIRECT ? "/api/im/group/" : `/api/im/group/${stage.group_id}/users/`,
      headers: { "app-id": stage.app_id, Authorization: `Token ${person.token}` },
    }),
  },
  {
    name: "clinic",
    title: "Clinic",
    about: () => say("aboutClinic"),
    see: ({ stage, conversation }) => ({
      method: "POST",
      path: `/im/conv/${conversation.id}`,
      headers: { "app-id": stage.app_id, "app-key": stage.server_key },
      body: { page_no: 1, page_size: SHOWN },
    }),
    speak: ({ stage, conversation, person }) => ({
      method: "POST",
      path: "/im/send/msg",
      headers: { "app-id": stage.app_id, "app-key": stage.server_key, Prefer: "return=representation" },
      body: { from_id: person.client_id, conv_id: conversation.id, msg_type: 0, msg: say("spoken", "clinic") },
    }),
  },
  {
    name: "leancloud",
    title: "LeanCloud",
    about: () => say("aboutLeanCloud"),
    see: ({ stage, conversation }) => ({
      method: "GET",
      path: `/1.2/rtm/conversations/${conversation.id}/messages`,
      query: { limit: SHOWN },
      headers: { "X-LC-Id": stage.app_id, "X-LC-Key": `${stage.server_key},master` },
    }),
    speak: ({ stage, conversation, person }) => ({
      method: "POST",
      path: `/1.2/rtm/conversations/${conversation.id}/messages`,
      headers: { "X-LC-Id": stage.app_id, "X-LC-Key": `${stage.server_key},master` },
      body: {
        from_client: person.client_id,
        message: JSON.stringify({ _lctype: -1, _lctext: say("spoken", "LeanCloud") }),
      },
    }),
  },
];

function address({ path, query }) {
  return location.origin + path + (query ? `?${new URLSearchParams(query)}` : "");
}

function quoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

// A command for any shell, which does what the page does.
export function curl(call) {
  const lines = [`curl ${call.method === "GET" ? "" : `-X ${call.method} `}${quoted(address(call))}`];
  for (const [name, value] of Object.entries(call.headers)) lines.push(`-H ${quoted(`${name}: ${value}`)}`);
  if (call.body) lines.push("-H 'Content-Type: application/json'", `-d ${quoted(JSON.stringify(call.body))}`);
  return lines.join(" \\\n  ");
}

// What it answers: { status, value }.
export async function ask(call) {
  const { method, headers, body } = call;
  const json = body && { "Content-Type": "application/json" };
  const answer = await fetch(address(call), { method, headers: { ...headers, ...json }, body: body && JSON.stringify(body) });
  const text = await answer.text();
  try {
    return { status: answer.status, value: JSON.parse(text) };
  } catch {
    return { status: answer.status, value: text };
  }
}
