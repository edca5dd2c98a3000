'use strict';

const assert = require('node:assert/strict');
const { APPS, BASE, HELPERS, SDK, backend, eventually, home, refused, scene, seenBy, sorted, text, together, within } = require('../stage');

scene('somebody logs in under a name', async stage => {
  const name = stage.name('tom');
  const client = await stage.client('tom', { as: name });
  assert.equal(client.id, name);
});

scene('somebody without a name is given one', async stage => {
  const device = await stage.device();
  const [one, two] = [await device.logIn(undefined), await device.logIn(undefined)];
  for (const each of [one, two]) assert.match(each.id, /^\S{1,64}$/);
  assert.notEqual(one.id, two.id);
  assert.deepEqual(sorted(await one.ping([one.id, two.id])), sorted([one.id, two.id]));
});

scene('names may be anything of 64 letters', async stage => {
  for (const name of [`张三@例 ${stage.name('é')}`, stage.name('n').padEnd(64, 'x'), `${Date.now()}${process.pid}`]) {
    const client = await stage.client('any', { as: name });
    assert.deepEqual(await client.ping([name]), [name]);
  }
});

scene('a name of 65 letters is refused, and the others on the connection stay', async stage => {
  const tom = await stage.client('tom');
  await refused(home(tom).realtime.createIMClient('x'.repeat(65)), 4103);
  assert.deepEqual(await tom.ping([tom.id]), [tom.id]);
});

scene('several people share a connection, and each hears their own', async stage => {
  const device = await stage.device({ fresh: true });
  const [tom, jerry] = [await device.logIn(stage.name('tom')), await device.logIn(stage.name('jerry'))];
  const bob = await stage.client('bob');
  const { MESSAGE } = device.im.Event;
  const [withTom, withJerry] = [await together([bob, tom]), await together([bob, jerry])];
  await withTom.send(text(bob, 'for tom'));
  await withJerry.send(text(bob, 'for jerry'));
  assert.equal((await tom.ear.next(MESSAGE))[0].text, 'for tom');
  assert.equal((await jerry.ear.next(MESSAGE))[0].text, 'for jerry');
  assert.deepEqual([tom.ear.left(MESSAGE), jerry.ear.left(MESSAGE)], [0, 0]);
});

scene('of those who share a connection the first may go, and the others stay', async stage => {
  const device = await stage.device({ fresh: true });
  const [tom, jerry] = [await device.logIn(stage.name('tom')), await device.logIn(stage.name('jerry'))];
  await tom.close();
  device.clients = [jerry];
  assert.deepEqual(await jerry.ping([tom.id, jerry.id]), [jerry.id]);
  const conversation = await jerry.createConversation({ members: [tom.id], unique: false });
  await conversation.send(text(jerry, 'still here'));
});

scene('those who share a connection talk to each other', async stage => {
  const device = await stage.device({ fresh: true });
  const [tom, jerry] = [await device.logIn(stage.name('tom')), await device.logIn(stage.name('jerry'))];
  const { MESSAGE } = device.im.Event;
  const conversation = await together([tom, jerry]);
  await conversation.send(text(tom, 'over here'));
  const [said] = await jerry.ear.next(MESSAGE);
  assert.deepEqual([said.from, said.text], [tom.id, 'over here']);
  await (await seenBy(jerry, conversation)).send(text(jerry, 'and back'));
  assert.equal((await tom.ear.next(MESSAGE))[0].text, 'and back');
});

scene('who logs out is gone, and may come again', async stage => {
  const [tom, watcher] = await stage.clients('tom', 'watcher');
  const device = home(tom);
  assert.deepEqual(await watcher.ping([tom.id]), [tom.id]);
  await tom.close();
  device.clients = [];
  await eventually(() => watcher.ping([tom.id]), found => found.length === 0, 'tom is online');
  const again = await device.logIn(tom.id);
  assert.deepEqual(await watcher.ping([tom.id]), [again.id]);
});

scene('of the first twenty asked after those are named who are online', async stage => {
  const [tom, jerry] = await stage.clients('tom', 'jerry');
  assert.deepEqual(sorted(await tom.ping([jerry.id, tom.id, stage.name('nobody')])), sorted([tom.id, jerry.id]));
  const strangers = Array.from({ length: 20 }, () => stage.name('nobody'));
  assert.deepEqual(await tom.ping([...strangers, jerry.id]), []);
});

scene('a second device under the same tag sends the first away', async stage => {
  const name = stage.name('tom');
  const first = await stage.client('tom', { as: name, login: { tag: 'mobile' }, fresh: true });
  const second = await stage.client('tom', { as: name, login: { tag: 'mobile' }, fresh: true });
  await first.ear.next(home(first).im.Event.CONFLICT);
  assert.deepEqual(await second.ping([name]), [name]);
  const conversation = await second.createConversation({ members: [], unique: false, name: 'of the second' });
  assert.ok(conversation.id);
});

scene('who was sent away is not heard any more, and the second device is', async stage => {
  const [name, bob] = [stage.name('tom'), await stage.client('bob')];
  const first = await stage.client('tom', { as: name, login: { tag: 'mobile' }, fresh: true });
  const conversation = await together([bob, first]);
  const second = await stage.client('tom', { as: name, login: { tag: 'mobile' }, fresh: true });
  await first.ear.next(home(first).im.Event.CONFLICT);
  await conversation.send(text(bob, 'to the second'));
  assert.equal((await second.ear.next(home(second).im.Event.MESSAGE))[0].text, 'to the second');
  assert.equal(first.ear.left(home(first).im.Event.MESSAGE), 0);
});

scene('devices under different tags, or under none, live side by side', async stage => {
  const [name, bob] = [stage.name('tom'), await stage.client('bob')];
  const logins = [{ tag: 'mobile' }, { tag: 'web' }, {}, {}];
  const devices = [];
  for (const login of logins) devices.push(await stage.client('tom', { as: name, login, fresh: true }));
  const conversation = await bob.createConversation({ members: [name], unique: false });
  await conversation.send(text(bob, 'to all of you'));
  for (const each of devices) {
    assert.equal((await each.ear.next(home(each).im.Event.MESSAGE))[0].text, 'to all of you');
    assert.equal(each.ear.left(home(each).im.Event.CONFLICT), 0);
  }
});

scene('a device that lost its tag while it was away learns it when it comes back', async stage => {
  const name = stage.name('tom');
  const first = await stage.client('tom', { as: name, login: { tag: 'mobile' }, cable: true });
  const device = home(first);
  await device.lose();
  const second = await stage.client('tom', { as: name, login: { tag: 'mobile' }, fresh: true });
  device.cable.mend();
  device.hurry();
  const [error] = await first.ear.next(device.im.Event.RECONNECT_ERROR);
  assert.equal(error.code, 4111);
  assert.equal(second.ear.left(home(second).im.Event.CONFLICT), 0);
  assert.deepEqual(await second.ping([name]), [name]);
});

scene('whom the app throws out hears why, and the others on the connection stay', async stage => {
  const device = await stage.device({ fresh: true });
  const [tom, jerry] = [await device.logIn(stage.name('tom')), await device.logIn(stage.name('jerry'))];
  await backend('POST', `/1.2/rtm/clients/${tom.id}/kick`, { reason: 'be nice' });
  const [{ code, reason }] = await tom.ear.next(device.im.Event.CLOSE);
  assert.deepEqual([code, reason], [4115, 'be nice']);
  assert.deepEqual(await jerry.ping([tom.id, jerry.id]), [jerry.id]);
});

scene("another app's clients are not seen", async stage => {
  const tom = await stage.client('tom');
  const stranger = await stage.client('stranger', { app: APPS.other });
  assert.deepEqual(await tom.ping([stranger.id]), []);
  const conversation = await tom.createConversation({ members: [stranger.id], unique: false });
  assert.equal(await within(stranger.getConversation(conversation.id), 'an answer'), null);
});

if (HELPERS) {
  scene('a user is signed for who shows a token of this server', async stage => {
    const device = await stage.device({ fresh: true });
    const id = stage.name('user');
    const answer = await fetch(new URL('/im/tokens', BASE), {
      method: 'POST',
      headers: { 'app-id': APPS.plain.id, 'app-key': APPS.plain.master, 'content-type': 'application/json' },
      body: JSON.stringify({ client_id: id }),
    });
    const { token } = (await answer.json()).data;
    const client = await device.logIn({ id, getSessionToken: () => token });
    assert.deepEqual(await client.ping([id]), [id]);
  });

  scene('a user of whom the server knows nothing is not signed for', async stage => {
    const { realtime } = await stage.device({ fresh: true });
    const user = { id: stage.name('user'), getSessionToken: () => 'no-such-session-token' };
    const error = await realtime.createIMClient(user).then(() => assert.fail('logged in'), reason => reason);
    assert.ok([211, 219].includes(error.code), `${error.code} ${error.message}`);
  });
}

// Both versions fetch another token and then trip over it. Version 5 has it at the next try, version 4 at the next login.
if (SDK === '5') {
  scene('a token that has had its time is replaced by another', async stage => {
    const [tom, jerry] = await stage.clients('tom', 'jerry');
    const conversation = await together([tom, jerry]);
    const before = await tom._sessionManager.getSessionToken();
    tom._sessionManager.revoke();
    await assert.rejects(conversation.getAllMemberInfo(), /non-iterable|not iterable/);
    assert.equal((await conversation.getAllMemberInfo()).length, 2);
    const after = await tom._sessionManager.getSessionToken();
    assert.equal(typeof after, 'string');
    assert.notEqual(after, before);
  });
}
