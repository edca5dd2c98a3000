'use strict';

// What every scene has: devices with LeanCloud's unmodified SDK on them, ears for what it tells, and a cable that can be cut.

const assert = require('node:assert/strict');
const crypto = require('node:crypto');
const net = require('node:net');
const { it } = require('node:test');
const storage = require('leancloud-storage');
const withTypedMessages = require('leancloud-realtime-plugin-typed-messages');

const SDK = process.env.PARLANCE_SDK;
const BASE = new URL(process.env.PARLANCE_BASE);
const APPS = JSON.parse(process.env.PARLANCE_APPS);
const NO_BINARY = process.env.PARLANCE_NO_BINARY === '1';
const PUSH_OFFLINE = process.env.PARLANCE_PUSH_OFFLINE === '1';
const SECURE = BASE.protocol === 'https:';
const MAIN = require.resolve(SDK === '4' ? 'leancloud-realtime-4' : 'leancloud-realtime');

/** Version 4 speaks https only, to whatever it is not told to speak to with a socket. */
const HELPERS = SDK === '5' || SECURE;

const PATIENCE = 30000;
const RUN = crypto.randomBytes(4).toString('hex');

/** Version 5 lets an app be started once on a page. A device of its own is a page of its own. */
function freshPage() {
  if (SDK === '5') delete require.cache[MAIN];
  return require(MAIN);
}

storage.init({ appId: APPS.plain.id, appKey: APPS.plain.key, serverURL: BASE.origin });

function within(promise, words, patience = PATIENCE) {
  let timer;
  const late = new Promise((resolve, reject) => {
    const error = new Error(`waited ${patience} ms for ${words}`);
    timer = setTimeout(() => reject(error), patience);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** What somebody was told, kept until it is asked for. */
class Ear {
  constructor(emitter, events) {
    this.heard = [];
    this._waiting = [];
    for (const event of events) {
      emitter.on(event, (...args) => this._take(event, args));
    }
  }

  _take(event, args) {
    const at = this._waiting.findIndex(each => each.event === event && each.wanted(...args));
    if (at < 0) this.heard.push({ event, args });
    else this._waiting.splice(at, 1)[0].resolve(args);
  }

  /** The next of these events (of those that came already, the first), with what came along. */
  next(event, wanted = () => true, patience = PATIENCE) {
    const at = this.heard.findIndex(each => each.event === event && wanted(...each.args));
    if (at >= 0) return Promise.resolve(this.heard.splice(at, 1)[0].args);
    const asked = new Promise(resolve => this._waiting.push({ event, wanted, resolve }));
    const so_far = () => this.heard.map(each => each.event).join(', ') || 'nothing';
    return within(asked, event, patience).catch(error => {
      error.message += `; heard meanwhile: ${so_far()}`;
      throw error;
    });
  }

  /** How many of these events nobody has asked for. */
  left(event, wanted = () => true) {
    return this.heard.filter(each => each.event === event && wanted(...each.args)).length;
  }
}

/** A wire to the server that can be cut and mended. */
class Cable {
  static async laid() {
    const cable = new Cable();
    cable.server = net.createServer(near => cable._join(near));
    cable.server.unref();
    await new Promise(resolve => cable.server.listen(0, '127.0.0.1', resolve));
    cable.port = cable.server.address().port;
    return cable;
  }

  constructor() {
    this._ends = new Set();
    this._whole = true;
  }

  _join(near) {
    const far = this._whole ? net.connect(Number(BASE.port), BASE.hostname) : null;
    if (far === null) {
      near.destroy();
      return;
    }
    for (const [one, other] of [[near, far], [far, near]]) {
      this._ends.add(one);
      one.setNoDelay(true);
      one.on('error', () => {});
      one.on('close', () => {
        this._ends.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  }

  cut() {
    this._whole = false;
    for (const each of this._ends) each.destroy();
  }

  mend() {
    this._whole = true;
  }
}

function address(port) {
  const host = `127.0.0.1:${port}`;
  if (SDK === '5') return { server: `${BASE.protocol}//${host}` };
  return SECURE ? { server: host } : { server: host, RTMServers: `ws://${host}` };
}

const homes = new WeakMap();

/** A phone, or a page in a browser: one copy of the SDK with one connection. */
class Device {
  constructor(app, cable, options) {
    this.im = freshPage();
    this.typed = withTypedMessages(storage, this.im);
    this.cable = cable;
    this.clients = [];
    this.realtime = new this.im.Realtime({
      appId: app.id,
      appKey: app.key,
      noBinary: NO_BINARY,
      plugins: [this.typed.TypedMessagesPlugin],
      ...(PUSH_OFFLINE ? { pushOfflineMessages: true } : {}),
      ...address(cable ? cable.port : BASE.port),
      ...options,
    });
  }

  /** Somebody logs in here. What the client hears is kept from the first moment. */
  async logIn(id, options) {
    const client = await within(this.realtime.createIMClient(id, options), `the login of ${id}`);
    if (!this.clients.includes(client)) {
      this.clients.push(client);
      homes.set(client, this);
      client.ear = new Ear(client, Object.values(this.im.Event));
    }
    return client;
  }

  /** Lose the connection, and notice. */
  async lose() {
    const { DISCONNECT } = this.im.Event;
    const noticed = new Promise(resolve => this.realtime.once(DISCONNECT, resolve));
    this.cable.cut();
    await within(noticed, 'the loss of the connection');
  }

  /** Come back by what the SDK does by itself a little later, with all clients logged in again. */
  async comeBack() {
    const { RECONNECT } = this.im.Event;
    const back = this.clients.map(client => client.ear.next(RECONNECT));
    this.cable.mend();
    this.hurry();
    await Promise.all(back);
  }

  /** Try now and not in a second, unless it is being tried already. */
  hurry() {
    try {
      this.realtime.retry();
    } catch (error) {
      if (!/retrying not allowed/.test(error.message)) throw error;
    }
  }

  /** Whether everybody could log out. */
  async empty() {
    const gone = await Promise.allSettled(this.clients.map(client => within(client.close(), 'a farewell')));
    this.clients = [];
    return gone.every(each => each.status === 'fulfilled');
  }
}

const idle = [];

/** One test's people and devices; afterwards everybody is logged out. */
class Stage {
  constructor() {
    this._devices = [];
    this._names = 0;
  }

  /** An id that nobody else has, in any run. */
  name(word) {
    this._names += 1;
    Stage.count = (Stage.count || 0) + 1;
    return `${word}-${RUN}-${Stage.count}`;
  }

  /** A device; with a cable of its own if it is to lose its connection, fresh if it has options. */
  async device({ app = APPS.plain, cable = false, fresh = false, ...options } = {}) {
    const ordinary = app === APPS.plain && !cable && !fresh && Object.keys(options).length === 0;
    let device = ordinary ? idle.pop() : undefined;
    if (!device) device = new Device(app, cable ? await Cable.laid() : null, options);
    device.ordinary = ordinary;
    this._devices.push(device);
    return device;
  }

  /** Somebody on a device of their own. */
  async client(word = 'somebody', { as, login, ...options } = {}) {
    const device = await this.device(options);
    return device.logIn(as || this.name(word), login);
  }

  /** Several people, each on a device of their own. */
  clients(...words) {
    return Promise.all(words.map(word => this.client(word)));
  }

  async leave() {
    for (const device of this._devices) {
      if (device.cable) device.cable.mend();
      const clean = await device.empty();
      if (clean && device.ordinary) idle.push(device);
      else device.realtime.pause();
    }
  }
}

/** A test: a sentence about what an app sees. */
function scene(sentence, body) {
  it(sentence, { timeout: 120000 }, async () => {
    const stage = new Stage();
    try {
      await body(stage);
    } finally {
      await stage.leave();
    }
  });
}

const home = client => homes.get(client);
const text = (client, words, attributes) => {
  const message = new (home(client).im.TextMessage)(words);
  return attributes === undefined ? message : message.setAttributes(attributes);
};

/** The same conversation as somebody else sees it. */
async function seenBy(client, conversation) {
  const found = await client.getConversation(conversation.id);
  assert.ok(found, `${client.id} does not find ${conversation.id}`);
  return found;
}

/** A conversation of these people, made by the first, once all of them have heard of it. */
async function together(people, options = {}) {
  const [first, ...others] = people;
  const members = others.map(each => each.id);
  const made = await first.createConversation({ unique: false, members, ...options });
  const { INVITED, MEMBERS_JOINED } = home(first).im.Event;
  const here = (payload, conversation) => conversation.id === made.id;
  for (const each of people) {
    await each.ear.next(INVITED, here);
    await each.ear.next(MEMBERS_JOINED, here);
  }
  return made;
}

/** The error that something has to end with, and its code. */
async function refused(promise, code) {
  const error = await promise.then(
    value => assert.fail(`expected ${code}, and it worked: ${JSON.stringify(value)}`),
    reason => reason
  );
  assert.equal(error.code, code, `${error.name} ${error.message} ${error.stack}`);
  return error;
}

/** A call of an app's backend, with the server key. */
async function backend(method, path, body, app = APPS.plain) {
  const answer = await fetch(new URL(path, BASE), {
    method,
    headers: { 'X-LC-Id': app.id, 'X-LC-Key': `${app.master},master`, 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const found = await answer.json();
  assert.equal(answer.status < 300, true, `${method} ${path}: ${answer.status} ${JSON.stringify(found)}`);
  return found;
}

/** Ask until the answer is the one wanted: for what a server does after it has been told something that has no answer. */
async function eventually(ask, wanted, words) {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const found = await ask();
    if (wanted(found)) return found;
    if (Date.now() > end) assert.fail(`${words}: still ${JSON.stringify(found)}`);
    await new Promise(resolve => setTimeout(resolve, 40));
  }
}

/** Let the moment of a message be over: what is done to it afterwards has a later one. */
const after = async ({ timestamp }) => {
  while (Date.now() <= timestamp) await new Promise(resolve => setTimeout(resolve, 1));
};

const ids = messages => messages.map(each => each.id);
const texts = messages => messages.map(each => each.text);
const sorted = names => [...names].sort();

module.exports = {
  APPS, BASE, HELPERS, PUSH_OFFLINE, SDK, SECURE,
  Cable, Ear, after, backend, eventually, home, ids, refused, scene, seenBy, sorted, storage, text, texts, together, within,
};
