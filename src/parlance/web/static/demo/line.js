// One person's line to the server: a WebSocket that logs in, answers for requests, and comes back by itself.
// What is said on it, and why, stands in docs/wire/platform.md; this file follows its chapters.

const LONGEST_WAIT = 10_000;
const PING_EVERY = 120_000;
// After these the server would only say the same again.
const FINAL = new Set([1008, 4409]);

export class Line {
  // `login`: the data of the login frame. `told(frame)` hears what nobody asked for, `passed(direction, frame)` everything,
  // `turned(state)` how the line is: "connecting", "open", "lost", "cut" (by hand) or "refused".
  constructor({ login, told, passed, turned, arrived }) {
    Object.assign(this, { login, told, passed, turned, arrived });
    this.state = "cut";
    this.waiting = new Map();
    this.failures = 0;
    this.refs = 0;
  }

  open() {
    if (this.state === "open" || this.state === "connecting") return;
    clearTimeout(this.later);
    this.turn("connecting");
    const socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/im/socket`);
    this.socket = socket;
    socket.onopen = () => this.send("login", this.login);
    socket.onmessage = (event) => socket === this.socket && this.hear(JSON.parse(event.data));
    socket.onclose = (event) => socket === this.socket && this.ended(event.code);
  }

  // Hang up, as a tunnel or a lift does, and stay away.
  cut() {
    clearTimeout(this.later);
    const { socket } = this;
    this.socket = undefined;
    socket?.close();
    this.forsake();
    this.turn("cut");
  }

  send(type, data) {
    const frame = { type, data };
    if (this.socket?.readyState !== WebSocket.OPEN) return;
    this.socket.send(JSON.stringify(frame));
    this.passed("out", frame);
  }

  // The answer's data. `ref` ties both together; a refusal, or the end of the line, rejects.
  request(type, data, ref = `${type}-${++this.refs}`) {
    return new Promise((resolve, reject) => {
      if (this.state !== "open") return reject(new Error("away"));
      this.waiting.set(ref, { resolve, reject });
      this.send(type, { ...data, ref });
    });
  }

  hear(frame) {
    this.passed("in", frame);
    const asked = this.waiting.get(frame.data?.ref);
    if (asked) {
      this.waiting.delete(frame.data.ref);
      if (frame.type === "error") asked.reject(Object.assign(new Error(frame.msg), frame.data));
      else asked.resolve(frame.data);
    } else if (frame.type === "login.success") {
      this.failures = 0;
      this.pinging = setInterval(() => this.send("ping", {}), PING_EVERY);
      this.turn("open");
      this.arrived();
    } else if (frame.type === "server.going_away") {
      this.comeBackAfter = frame.data.retry_after * 1000;
    } else {
      this.told(frame);
    }
  }

  ended(code) {
    this.forsake();
    if (FINAL.has(code)) return this.turn("refused");
    // Longer after each failure, and by chance, so that not everybody comes back at once.
    const longest = Math.min(LONGEST_WAIT, 500 * 2 ** this.failures);
    const wait = (this.comeBackAfter ?? 0) + longest * (0.5 + Math.random() / 2);
    this.comeBackAfter = undefined;
    this.failures += 1;
    this.turn("lost");
    this.later = setTimeout(() => this.open(), wait);
  }

  forsake() {
    clearInterval(this.pinging);
    for (const { reject } of this.waiting.values()) reject(new Error("away"));
    this.waiting.clear();
  }

  turn(state) {
    this.state = state;
    this.turned(state);
  }
}
