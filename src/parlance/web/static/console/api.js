// The admin API, as the console asks it: who is logged in, and what becomes of that.

const listeners = new Set();
let csrf = "";

// `operator` null: nobody is known to be logged in. `expired`: somebody was. `away`: the server does not answer.
// `closed`: it does not serve the console by this way.
export const session = { known: false, operator: null, version: "", expired: false, away: false, closed: false };

export class Refused extends Error {
  constructor(status, code, message, retryAfter) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

export class Unreachable extends Error {}

export function whenSessionChanges(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function change(news) {
  Object.assign(session, news);
  for (const listener of listeners) listener();
}

// Ask for something; answers what the server says. Throws Refused, or Unreachable if there is no server just now.
export async function ask(method, path, body) {
  const headers = method === "GET" ? {} : { "X-CSRF-Token": csrf };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let reply;
  try {
    reply = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    if (!session.away) change({ away: true });
    throw new Unreachable();
  }
  // A proxy answers for a server that is starting anew.
  if ([502, 503, 504].includes(reply.status)) {
    if (!session.away) change({ away: true });
    throw new Unreachable();
  }
  if (session.away) change({ away: false });
  const said = await reply.json().catch(() => ({}));
  if (reply.ok) return said;
  const { code = "", message = reply.statusText } = said.error ?? {};
  if (reply.status === 401 && ["not_logged_in", "session_expired"].includes(code)) {
    change({ known: true, expired: session.operator !== null || session.expired, operator: null });
  }
  throw new Refused(reply.status, code, message, Number(reply.headers.get("Retry-After")) || 0);
}

function opened({ operator, version, csrf: token }) {
  csrf = token;
  change({ known: true, operator: operator || null, version, expired: false });
}

// Find out who is logged in; waits for a server that is away.
export async function begin() {
  for (;;) {
    try {
      opened(await ask("GET", "/admin/session"));
      return;
    } catch (error) {
      if (error instanceof Refused) {
        change({ known: true, closed: error.status === 403 });
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

export async function logIn(name, password) {
  opened(await ask("POST", "/admin/login", { name, password }));
}

export async function changePassword(old, wanted) {
  await ask("POST", "/admin/password", { old, new: wanted });
  change({ operator: null, expired: false });
}

export async function followLink(key) {
  opened(await ask("POST", "/admin/login/link", { key }));
}

export async function logOut() {
  await ask("POST", "/admin/logout");
  change({ operator: null, expired: false });
}

// Browsers take "." and ".." for ways through the path, however they are escaped; ids have no spaces.
function escaped(part) {
  return encodeURIComponent(part === "." || part === ".." ? ` ${part}` : part);
}

// An address of the admin API: parts are escaped, `query` may have holes.
export function address(parts, query = {}) {
  const path = ["/admin", ...parts.map(escaped)].join("/");
  const asked = Object.entries(query).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  return asked.length ? `${path}?${new URLSearchParams(asked)}` : path;
}
