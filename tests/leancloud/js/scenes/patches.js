'use strict';

const assert = require('node:assert/strict');
const { after, home, refused, scene, seenBy, text, texts, together } = require('../stage');

async function pair(stage, options = {}) {
  const [tom, jerry] = [await stage.client('tom'), await stage.client('jerry', options)];
  const made = await together([tom, jerry]);
  return { tom, jerry, made, seen: await seenBy(jerry, made), ...home(tom).im.Event };
}

scene('a message is edited, and everybody sees it', async stage => {
  const { tom, jerry, made, seen, MESSAGE, MESSAGE_UPDATE } = await pair(stage);
  const tablet = await stage.client('tom', { as: tom.id });
  const sent = await made.send(text(tom, 'teh'));
  await jerry.ear.next(MESSAGE);
  await after(sent);
  const edited = await made.update(sent, text(tom, 'the', { n: 1 }).setMentionList([jerry.id]));
  assert.equal(edited.id, sent.id);
  for (const each of [jerry, tablet]) {
    const [got, conversation] = await each.ear.next(MESSAGE_UPDATE);
    assert.deepEqual([got.id, got.text, got.attributes, got.from], [sent.id, 'the', { n: 1 }, tom.id]);
    assert.equal(got.timestamp.getTime(), sent.timestamp.getTime());
    assert.ok(got.updatedAt > got.timestamp);
    assert.equal(conversation.id, made.id);
    assert.equal(got.mentioned, each === jerry);
  }
  assert.equal(seen.lastMessage.text, 'the');
  assert.equal(tom.ear.left(MESSAGE_UPDATE), 0);
  const [kept] = await seen.queryMessages();
  assert.deepEqual([kept.text, kept.timestamp.getTime()], ['the', sent.timestamp.getTime()]);
  assert.ok(kept.updatedAt > kept.timestamp);
});

scene('a message is taken back, and everybody sees it', async stage => {
  const { tom, jerry, made, seen, MESSAGE_RECALL } = await pair(stage);
  const sent = await made.send(text(tom, 'oops'));
  const recalled = await made.recall(sent);
  assert.ok(recalled instanceof home(tom).im.RecalledMessage);
  const { RecalledMessage } = home(jerry).im;
  const [got] = await jerry.ear.next(MESSAGE_RECALL);
  assert.ok(got instanceof RecalledMessage);
  assert.deepEqual([got.id, got.from], [sent.id, tom.id]);
  const [kept] = await seen.queryMessages();
  assert.ok(kept instanceof RecalledMessage);
  assert.equal(kept.id, sent.id);
});

scene('bytes are edited as bytes', async stage => {
  const { tom, jerry, made, seen, MESSAGE_UPDATE } = await pair(stage);
  const { BinaryMessage } = home(tom).im;
  const sent = await made.send(new BinaryMessage(Uint8Array.from([1, 2]).buffer));
  await made.update(sent, new BinaryMessage(Uint8Array.from([3, 4, 255]).buffer));
  await jerry.ear.next(MESSAGE_UPDATE);
  const [kept] = await seen.queryMessages();
  assert.deepEqual([...new Uint8Array(kept.buffer)], [3, 4, 255]);
});

scene('a message known by its id alone is edited', async stage => {
  const { tom, jerry, made, MESSAGE_UPDATE } = await pair(stage);
  const { id, timestamp } = await made.send(text(tom, 'one'));
  await made.update({ id, timestamp }, text(tom, 'two'));
  assert.equal((await jerry.ear.next(MESSAGE_UPDATE))[0].text, 'two');
});

scene("somebody else's message, and one that there is not, are not changed", async stage => {
  const { tom, jerry, made, seen } = await pair(stage);
  const { id, timestamp } = await made.send(text(tom, 'mine'));
  await refused(seen.update({ id, timestamp }, text(jerry, 'yours')), 4403);
  await refused(seen.recall({ id, timestamp }), 4403);
  await refused(made.recall({ id: '0'.repeat(32), timestamp }), 4404);
  await refused(made.recall({ id: 'nothing-like-an-id', timestamp }), 4404);
  assert.deepEqual(texts(await made.queryMessages()), ['mine']);
});

scene('those who share a connection see the edits of each other', async stage => {
  const device = await stage.device({ fresh: true });
  const [tom, jerry] = [await device.logIn(stage.name('tom')), await device.logIn(stage.name('jerry'))];
  const made = await together([tom, jerry]);
  const sent = await made.send(text(tom, 'one'));
  await jerry.ear.next(device.im.Event.MESSAGE);
  await made.update(sent, text(tom, 'two'));
  // An app may well begin to listen when the editing is done.
  const heard = new Promise(resolve => jerry.once(device.im.Event.MESSAGE_UPDATE, resolve));
  assert.equal((await heard).text, 'two');
});

scene('what was edited and taken back during an absence is seen on return', async stage => {
  const { tom, jerry, made, seen, MESSAGE, MESSAGE_UPDATE, MESSAGE_RECALL } = await pair(stage, { cable: true });
  const [one, two, three] = [await made.send(text(tom, 'one')), await made.send(text(tom, 'two')), await made.send(text(tom, 'three'))];
  for (let n = 0; n < 3; n += 1) await jerry.ear.next(MESSAGE);
  await home(jerry).lose();
  await made.update(one, text(tom, 'one, edited'));
  await made.recall(two);
  await home(jerry).comeBack();
  const [edited] = await jerry.ear.next(MESSAGE_UPDATE);
  assert.deepEqual([edited.id, edited.text], [one.id, 'one, edited']);
  assert.equal((await jerry.ear.next(MESSAGE_RECALL))[0].id, two.id);
  assert.equal(seen.lastMessage.id, three.id);
});

scene('what was seen of edits before an absence does not come again', async stage => {
  const { tom, jerry, made, MESSAGE, MESSAGE_UPDATE } = await pair(stage, { cable: true });
  const sent = await made.send(text(tom, 'one'));
  await jerry.ear.next(MESSAGE);
  await made.update(sent, text(tom, 'two'));
  await jerry.ear.next(MESSAGE_UPDATE);
  await home(jerry).lose();
  await home(jerry).comeBack();
  await made.send(text(tom, 'after'));
  await jerry.ear.next(MESSAGE, each => each.text === 'after');
  assert.equal(jerry.ear.left(MESSAGE_UPDATE), 0);
});
