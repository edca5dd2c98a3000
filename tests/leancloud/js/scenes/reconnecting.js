'use strict';

const assert = require('node:assert/strict');
const { Ear, HELPERS, eventually, home, scene, seenBy, sorted, text, together } = require('../stage');

async function pair(stage) {
  const [tom, jerry] = [await stage.client('tom'), await stage.client('jerry', { cable: true })];
  const made = await together([tom, jerry]);
  return { tom, jerry, made, seen: await seenBy(jerry, made), ...home(tom).im.Event };
}

scene('who loses the connection is back by itself, and goes on', async stage => {
  const { tom, jerry, made, seen, MESSAGE, DISCONNECT, SCHEDULE, RETRY, RECONNECT } = await pair(stage);
  const device = home(jerry);
  await device.lose();
  await jerry.ear.next(DISCONNECT);
  await eventually(() => tom.ping([jerry.id]), found => found.length === 0, 'jerry is online');
  device.cable.mend();
  const [attempt, delay] = await jerry.ear.next(SCHEDULE);
  assert.deepEqual([attempt, delay], [0, 1000]);
  await jerry.ear.next(RETRY);
  await jerry.ear.next(RECONNECT);
  assert.deepEqual(await tom.ping([jerry.id]), [jerry.id]);
  await made.send(text(tom, 'welcome back'));
  assert.equal((await jerry.ear.next(MESSAGE))[0].text, 'welcome back');
  await seen.send(text(jerry, 'thanks'));
  assert.equal((await tom.ear.next(MESSAGE))[0].text, 'thanks');
});

scene('all who share a connection come back', async stage => {
  const device = await stage.device({ cable: true });
  const people = [];
  for (const word of ['tom', 'jerry', 'bob']) people.push(await device.logIn(stage.name(word)));
  const watcher = await stage.client('watcher');
  await device.lose();
  await device.comeBack();
  const names = people.map(each => each.id);
  assert.deepEqual(sorted(await watcher.ping(names)), sorted(names));
  const made = await watcher.createConversation({ members: names, unique: false });
  await made.send(text(watcher, 'all here?'));
  for (const each of people) assert.equal((await each.ear.next(device.im.Event.MESSAGE))[0].text, 'all here?');
});

scene('who is in a chat room is in it again after an absence', async stage => {
  const [tom, jerry] = [await stage.client('tom'), await stage.client('jerry', { cable: true })];
  const { MESSAGE } = home(tom).im.Event;
  const room = await tom.createChatRoom({ name: 'r' });
  await (await seenBy(jerry, room)).join();
  await home(jerry).lose();
  await eventually(() => room.count(), found => found === 1, 'who is in the room');
  await home(jerry).comeBack();
  await eventually(() => room.count(), found => found === 2, 'who is in the room');
  await room.send(text(tom, 'still with us'));
  assert.equal((await jerry.ear.next(MESSAGE))[0].text, 'still with us');
});

scene('a message sent while the connection breaks is sent again, and is there once', async stage => {
  const { tom, jerry, made, seen, MESSAGE } = await pair(stage);
  const message = text(jerry, 'did it go?');
  const uuid = message.id;
  const sending = seen.send(message).then(() => 'sent', () => 'failed');
  home(jerry).cable.cut();
  home(jerry).cable.mend();
  await jerry.ear.next(home(jerry).im.Event.RECONNECT);
  const again = text(jerry, 'did it go?');
  again.id = uuid;
  await seen.send(again);
  await made.send(text(tom, 'end'));
  const kept = (await made.queryMessages()).map(each => each.text);
  assert.deepEqual(kept, ['did it go?', 'end']);
  sending.catch(() => {});
  assert.equal((await tom.ear.next(MESSAGE))[0].text, 'did it go?');
  assert.equal(tom.ear.left(MESSAGE), 0);
});

if (HELPERS) {
  scene('invitations of the absence are heard of on return', async stage => {
    const { tom, jerry, INVITED } = await pair(stage);
    await home(jerry).lose();
    const made = await tom.createConversation({ members: [jerry.id], unique: false, name: 'meanwhile' });
    await home(jerry).comeBack();
    const [{ invitedBy }, conversation] = await jerry.ear.next(INVITED);
    assert.deepEqual([conversation.id, invitedBy], [made.id, tom.id]);
  });

  scene('who was taken out during an absence learns it on return', async stage => {
    const { tom, jerry, made, seen, KICKED } = await pair(stage);
    await home(jerry).lose();
    await made.remove([jerry.id]);
    await home(jerry).comeBack();
    const [{ kickedBy }, conversation] = await jerry.ear.next(KICKED);
    assert.deepEqual([conversation.id, kickedBy], [made.id, tom.id]);
    assert.ok(!seen.members.includes(jerry.id));
  });

  scene('who was muted or blocked during an absence learns it on return', async stage => {
    const [tom, jerry] = [await stage.client('tom'), await stage.client('jerry', { cable: true })];
    const { MUTED, BLOCKED } = home(tom).im.Event;
    const [quiet, closed] = [await together([tom, jerry]), await together([tom, jerry])];
    await home(jerry).lose();
    await quiet.muteMembers([jerry.id]);
    await closed.blockMembers([jerry.id]);
    await home(jerry).comeBack();
    const [muted, where] = await jerry.ear.next(MUTED);
    assert.deepEqual([where.id, muted.mutedBy], [quiet.id, tom.id]);
    const [blocked, elsewhere] = await jerry.ear.next(BLOCKED);
    assert.deepEqual([elsewhere.id, blocked.blockedBy], [closed.id, tom.id]);
  });

  scene('who sent something that was read during an absence learns it on return', async stage => {
    const { tom, jerry, made, seen, MESSAGE, LAST_READ_AT_UPDATE } = await pair(stage);
    const ear = new Ear(seen, [LAST_READ_AT_UPDATE]);
    await seen.send(text(jerry, 'read this'), { receipt: true });
    await tom.ear.next(MESSAGE);
    await home(jerry).lose();
    await made.read();
    // What has no answer is done when what came after it is answered.
    await made.count();
    await home(jerry).comeBack();
    await ear.next(LAST_READ_AT_UPDATE);
  });

  scene('what was heard before an absence is not heard again', async stage => {
    const { tom, jerry, INVITED, RECONNECT } = await pair(stage);
    const before = await together([tom, jerry]);
    await home(jerry).lose();
    await home(jerry).comeBack();
    const after = await tom.createConversation({ members: [jerry.id], unique: false });
    await jerry.ear.next(INVITED, (payload, conversation) => conversation.id === after.id);
    await new Promise(resolve => setTimeout(resolve, 150));
    assert.equal(jerry.ear.left(INVITED, (payload, conversation) => conversation.id === before.id), 0);
    assert.equal(jerry.ear.left(RECONNECT), 0);
  });
}
