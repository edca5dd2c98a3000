'use strict';

// One conversation, three ways of speaking: LeanCloud's SDK, the platform's socket, and the backend of a clinic.

const assert = require('node:assert/strict');
const WebSocket = require('ws');
const { APPS, BASE, Ear, PUSH_OFFLINE, eventually, home, ids, scene, seenBy, storage, text, within } = require('../stage');

const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64'
);

/** A client of the platform's socket. */
class Platform {
  static async logIn(id) {
    const socket = new WebSocket(`${BASE.origin.replace('http', 'ws')}/im/socket`);
    const platform = new Platform(socket);
    await within(new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject)), 'a socket');
    platform.say('login', { app_id: APPS.plain.id, client_id: id, device_id: 'desk' });
    await platform.ear.next('login.success');
    return platform;
  }

  constructor(socket) {
    this.socket = socket;
    this.ear = new Ear({ on: () => {} }, []);
    socket.on('message', raw => {
      const { type, data } = JSON.parse(raw);
      this.ear._take(type, [data]);
    });
  }

  say(type, data) {
    this.socket.send(JSON.stringify({ type, data }));
  }
}

/** A call of the clinic's backend. */
async function clinic(path, body) {
  const answer = await fetch(new URL(path, BASE), {
    method: 'POST',
    headers: { 'app-id': APPS.plain.id, 'app-key': APPS.plain.master, 'content-type': 'application/json', prefer: 'return=representation' },
    body: JSON.stringify(body),
  });
  const found = await answer.json();
  assert.ok(answer.ok, `${path}: ${JSON.stringify(found)}`);
  return found;
}

scene('an SDK, a platform socket and a clinic talk to each other', async stage => {
  const tom = await stage.client('tom');
  const { MESSAGE, MESSAGE_RECALL } = home(tom).im.Event;
  const [patient, doctor] = [stage.name('patient'), stage.name('doctor')];
  const desk = await Platform.logIn(patient);
  try {
    const made = await tom.createConversation({ members: [patient, doctor], unique: false, name: 'ward' });
    await desk.ear.next('conv.joined', each => each.conv_id === made.id);

    const sent = await made.send(text(tom, 'from the SDK', { n: 1 }));
    const shown = await desk.ear.next('msg.new');
    assert.deepEqual([shown[0].msg_id, shown[0].from_client, shown[0].text], [sent.id, tom.id, 'from the SDK']);

    desk.say('msg.send', { ref: 'r-1', conv_id: made.id, type: -1, text: 'from the platform' });
    const [{ msg_id: there }] = await desk.ear.next('msg.sent');
    const [second] = await tom.ear.next(MESSAGE);
    assert.deepEqual([second.id, second.from, second.text], [there, patient, 'from the platform']);
    assert.ok(second instanceof home(tom).im.TextMessage);

    await clinic('/im/send/msg', { from_id: doctor, conv_id: made.id, msg: 'from the clinic' });
    const [third] = await tom.ear.next(MESSAGE);
    assert.deepEqual([third.from, third.text], [doctor, 'from the clinic']);
    assert.equal((await desk.ear.next('msg.new'))[0].text, 'from the clinic');

    const picture = await new storage.File('wound.png', PICTURE, 'image/png').save();
    await made.send(new (home(tom).typed.ImageMessage)(picture));
    const [image] = await desk.ear.next('msg.new');
    assert.deepEqual([image.type, JSON.parse(image.url)], [-2, picture.url()]);
    const [newest] = await clinic(`/im/conv/${made.id}`, { page_no: 1, page_size: 1, from_id: doctor });
    assert.deepEqual([newest.msg_type, newest.msg], [1, picture.url()]);

    const list = await clinic('/im/conv/list', { from_id: patient });
    assert.deepEqual(list.map(each => each.conv_id), [made.id]);

    const kept = await made.queryMessages();
    assert.deepEqual(ids(kept).slice(0, 2), [sent.id, there]);
    assert.equal(kept.length, 4);

    desk.say('msg.recall', { conv_id: made.id, msg_id: there });
    assert.equal((await tom.ear.next(MESSAGE_RECALL))[0].id, there);
    await made.recall(sent);
    assert.equal((await desk.ear.next('msg.recalled', each => each.msg_id === sent.id))[0].conv_id, made.id);
  } finally {
    desk.socket.close();
  }
});

scene('a conversation of two is the same one for everybody', async stage => {
  const [tom, jerry] = await stage.clients('tom', 'jerry');
  const made = await tom.createConversation({ members: [jerry.id], unique: true });
  const sent = await clinic('/im/send/msg', { from_id: jerry.id, to_id: tom.id, msg: 'hello' });
  assert.equal(sent.conv_id, made.id);
  const [got, conversation] = await tom.ear.next(home(tom).im.Event.MESSAGE);
  assert.deepEqual([got.text, conversation.id], ['hello', made.id]);
});

scene('what was begun elsewhere is found here', async stage => {
  const [tom, jerry] = await stage.clients('tom', 'jerry');
  const { conv_id: id } = await clinic('/im/send/msg', { from_id: jerry.id, to_id: tom.id, msg: 'hello' });
  const [got, conversation] = await tom.ear.next(home(tom).im.Event.MESSAGE);
  assert.deepEqual([got.text, conversation.id], ['hello', id]);
  const made = await tom.createConversation({ members: [jerry.id], unique: true });
  assert.equal(made.id, id);
  await made.send(text(tom, 'hello yourself'));
  assert.equal((await jerry.ear.next(home(jerry).im.Event.MESSAGE))[0].text, 'hello yourself');
});

scene('a custom message passes through the others unharmed', async stage => {
  const [tom, jerry] = await stage.clients('tom', 'jerry');
  const { Message, Event } = home(tom).im;
  const made = await tom.createConversation({ members: [jerry.id], unique: false });
  const content = { _lctype: 42, deep: { list: [1, 2.5, null, 'x'] }, _lctext: 'shown elsewhere' };
  await made.send(new Message(JSON.stringify(content)));
  const [got] = await jerry.ear.next(Event.MESSAGE);
  assert.deepEqual(got.getPayload(), content);
  const [row] = await clinic(`/im/conv/${made.id}`, { page_no: 1, page_size: 1 });
  assert.equal(row.msg, 'shown elsewhere');
});

if (!PUSH_OFFLINE) {
  scene('what is read on a platform socket is read for the SDK, and the other way round', async stage => {
    const [tom, jerry] = await stage.clients('tom', 'jerry');
    const { MESSAGE, UNREAD_MESSAGES_COUNT_UPDATE } = home(tom).im.Event;
    const made = await tom.createConversation({ members: [jerry.id], unique: false });
    const desk = await Platform.logIn(jerry.id);
    try {
      await made.send(text(tom, 'one'));
      await jerry.ear.next(MESSAGE);
      const [{ seq }] = await desk.ear.next('msg.new');
      desk.say('msg.read', { conv_id: made.id, seq });
      await jerry.ear.next(UNREAD_MESSAGES_COUNT_UPDATE, ([each]) => each.unreadMessagesCount === 0);
      await eventually(async () => (await made.fetchReceiptTimestamps()).lastReadAt, Boolean, 'read');
      await made.send(text(tom, 'two'));
      await jerry.ear.next(MESSAGE);
      await (await seenBy(jerry, made)).read();
      const [read] = await desk.ear.next('msg.read', each => each.seq > seq);
      assert.equal(read.client_id, jerry.id);
    } finally {
      desk.socket.close();
    }
  });
}
