'use strict';

const assert = require('node:assert/strict');
const { Ear, PUSH_OFFLINE, eventually, home, scene, seenBy, text, together } = require('../stage');

const soon = 80;
const quietly = () => new Promise(resolve => setTimeout(resolve, soon));

async function pair(stage, options = {}) {
  const [tom, jerry] = [await stage.client('tom'), await stage.client('jerry', options)];
  const made = await together([tom, jerry]);
  return { tom, jerry, made, seen: await seenBy(jerry, made), ...home(tom).im.Event };
}

scene('the sender learns that a message has arrived', async stage => {
  const { tom, jerry, made, MESSAGE, LAST_DELIVERED_AT_UPDATE } = await pair(stage);
  const ear = new Ear(made, [LAST_DELIVERED_AT_UPDATE]);
  const sent = await made.send(text(tom, 'there?'), { receipt: true });
  await jerry.ear.next(MESSAGE);
  await ear.next(LAST_DELIVERED_AT_UPDATE);
  const { MessageStatus } = home(tom).im;
  assert.equal(sent.status, MessageStatus.DELIVERED);
  assert.ok(sent.deliveredAt >= sent.timestamp);
  assert.equal(made.lastDeliveredAt.getTime(), sent.deliveredAt.getTime());
  const [kept] = await made.queryMessages();
  assert.equal(kept.status, MessageStatus.DELIVERED);
  assert.ok(kept.deliveredAt >= kept.timestamp);
});

scene('the sender learns that a message was read', async stage => {
  const { tom, jerry, made, seen, MESSAGE, LAST_READ_AT_UPDATE } = await pair(stage);
  const ear = new Ear(made, [LAST_READ_AT_UPDATE]);
  const sent = await made.send(text(tom, 'read me'), { receipt: true });
  await jerry.ear.next(MESSAGE);
  await seen.read();
  await ear.next(LAST_READ_AT_UPDATE);
  assert.ok(made.lastReadAt >= sent.timestamp);
});

scene('nobody is told of a message for which no receipt was asked', async stage => {
  const { tom, jerry, made, seen, MESSAGE, LAST_READ_AT_UPDATE, LAST_DELIVERED_AT_UPDATE } = await pair(stage);
  const tablet = await stage.client('tom', { as: tom.id });
  const ear = new Ear(made, [LAST_DELIVERED_AT_UPDATE, LAST_READ_AT_UPDATE]);
  await made.send(text(tom, 'no hurry'));
  await jerry.ear.next(MESSAGE);
  await seen.read();
  const there = await seenBy(tablet, made);
  await eventually(async () => (await there.fetchReceiptTimestamps()).lastReadAt, Boolean, 'the time of reading');
  await made.count();
  assert.deepEqual([ear.left(LAST_DELIVERED_AT_UPDATE), ear.left(LAST_READ_AT_UPDATE)], [0, 0]);
});

scene('how far the other one has come can be asked', async stage => {
  const { tom, jerry, made, seen, MESSAGE } = await pair(stage);
  await made.fetchReceiptTimestamps();
  assert.deepEqual([made.lastDeliveredAt, made.lastReadAt].map(Boolean), [false, false]);
  const first = await made.send(text(tom, 'one'));
  await jerry.ear.next(MESSAGE);
  const delivered = async () => {
    await made.fetchReceiptTimestamps();
    return made.lastDeliveredAt;
  };
  assert.ok((await eventually(delivered, Boolean, 'the time of arrival')) >= first.timestamp);
  assert.ok(!made.lastReadAt);
  await seen.read();
  const read = async () => {
    await made.fetchReceiptTimestamps();
    return made.lastReadAt;
  };
  assert.ok((await eventually(read, Boolean, 'the time of reading')) >= first.timestamp);
});

scene('how far each of many has come can be asked', async stage => {
  const [tom, jerry, bob] = await stage.clients('tom', 'jerry', 'bob');
  const made = await together([tom, jerry, bob]);
  const { MESSAGE } = home(tom).im.Event;
  await made.send(text(tom, 'everybody'));
  await Promise.all([jerry, bob].map(each => each.ear.next(MESSAGE)));
  await (await seenBy(jerry, made)).read();
  const ask = () => made._fetchAllReceiptTimestamps();
  const enough = found => found.length === 2 && found.some(each => each.lastReadAt);
  const found = await eventually(ask, enough, 'the marks of all');
  const marks = Object.fromEntries(found.map(each => [each.pid, [Boolean(each.lastDeliveredAt), Boolean(each.lastReadAt)]]));
  assert.deepEqual(marks, { [jerry.id]: [true, true], [bob.id]: [true, false] });
});

if (PUSH_OFFLINE) {
  scene('messages of the absence come by themselves, in order and once', async stage => {
    const tom = await stage.client('tom');
    const name = stage.name('jerry');
    const made = await tom.createConversation({ members: [name], unique: false });
    const said = Array.from({ length: 5 }, (_, n) => `while away ${n}`);
    for (const each of said) await made.send(text(tom, each));
    const jerry = await stage.client('jerry', { as: name });
    const { MESSAGE } = home(jerry).im.Event;
    for (const each of said) assert.equal((await jerry.ear.next(MESSAGE))[0].text, each);
    const seen = await seenBy(jerry, made);
    await eventually(async () => (await made.queryMessages()).every(each => each.deliveredAt), Boolean, 'acknowledged');
    await seen.read();
    await quietly();
    const again = await stage.client('jerry', { as: name });
    await quietly();
    assert.equal(again.ear.left(MESSAGE), 0);
    await made.send(text(tom, 'live'));
    assert.equal((await again.ear.next(MESSAGE))[0].text, 'live');
  });

  scene('messages of a short absence come after it', async stage => {
    const { tom, jerry, made, MESSAGE } = await pair(stage, { cable: true });
    await home(jerry).lose();
    await made.send(text(tom, 'where are you?'));
    await home(jerry).comeBack();
    assert.equal((await jerry.ear.next(MESSAGE))[0].text, 'where are you?');
  });
} else {
  scene('who comes back learns how much there is to read, and what came last', async stage => {
    const tom = await stage.client('tom');
    const name = stage.name('jerry');
    const [one, two] = [
      await tom.createConversation({ members: [name], unique: false }),
      await tom.createConversation({ members: [name], unique: false }),
    ];
    for (const each of ['1', '2', '3']) await one.send(text(tom, each));
    const last = await two.send(text(tom, 'you!').setMentionList([name]));
    const jerry = await stage.client('jerry', { as: name });
    const [conversations] = await jerry.ear.next(home(jerry).im.Event.UNREAD_MESSAGES_COUNT_UPDATE);
    const rows = Object.fromEntries(
      conversations.map(each => [each.id, [each.unreadMessagesCount, each.lastMessage.text, Boolean(each.unreadMessagesMentioned)]])
    );
    assert.deepEqual(rows, { [one.id]: [3, '3', false], [two.id]: [1, 'you!', true] });
    const seen = await seenBy(jerry, two);
    assert.deepEqual([seen.lastMessage.id, seen.lastMessage.from], [last.id, tom.id]);
    assert.equal(seen.lastMessageAt.getTime(), last.timestamp.getTime());
  });

  scene('what was read on one device is read on the others, and stays read', async stage => {
    const { tom, jerry, made, seen, MESSAGE, UNREAD_MESSAGES_COUNT_UPDATE } = await pair(stage);
    const tablet = await stage.client('jerry', { as: jerry.id });
    await made.send(text(tom, 'news').setMentionList([jerry.id]));
    await Promise.all([jerry, tablet].map(each => each.ear.next(MESSAGE)));
    const there = await seenBy(tablet, made);
    assert.deepEqual([there.unreadMessagesCount, there.unreadMessagesMentioned], [1, true]);
    await seen.read();
    await tablet.ear.next(UNREAD_MESSAGES_COUNT_UPDATE, ([each]) => each.unreadMessagesCount === 0);
    assert.deepEqual([there.unreadMessagesCount, there.unreadMessagesMentioned], [0, false]);
    const phone = await stage.client('jerry', { as: jerry.id });
    await quietly();
    assert.equal(phone.ear.left(UNREAD_MESSAGES_COUNT_UPDATE), 0);
  });

  scene('what comes during an absence is counted on return', async stage => {
    const { tom, jerry, made, seen, MESSAGE, UNREAD_MESSAGES_COUNT_UPDATE } = await pair(stage, { cable: true });
    await made.send(text(tom, 'before'));
    await jerry.ear.next(MESSAGE);
    await seen.read();
    await eventually(async () => (await made.fetchReceiptTimestamps()).lastReadAt, Boolean, 'read');
    jerry.ear.heard = [];
    await home(jerry).lose();
    await made.send(text(tom, 'gone?'));
    await made.send(text(tom, 'really gone?'));
    await home(jerry).comeBack();
    const [[conversation]] = await jerry.ear.next(UNREAD_MESSAGES_COUNT_UPDATE, ([each]) => each.unreadMessagesCount === 2);
    assert.deepEqual([conversation.id, conversation.lastMessage.text], [made.id, 'really gone?']);
    assert.equal(jerry.ear.left(MESSAGE), 0);
  });

  scene('live messages are counted by the client, and all are read at once', async stage => {
    const { tom, jerry, made, seen, MESSAGE } = await pair(stage);
    for (const each of ['a', 'b']) await made.send(text(tom, each));
    for (const each of ['a', 'b']) assert.equal((await jerry.ear.next(MESSAGE))[0].text, each);
    assert.equal(seen.unreadMessagesCount, 2);
    await seen.read();
    assert.equal(seen.unreadMessagesCount, 0);
    await eventually(async () => (await made.fetchReceiptTimestamps()).lastReadAt, Boolean, 'read');
  });
}
