'use strict';

const assert = require('node:assert/strict');
const { home, ids, scene, seenBy, text, texts, together } = require('../stage');

/** A conversation in which so much was said. */
async function said(stage, most) {
  const [tom, jerry] = await stage.clients('tom', 'jerry');
  const made = await together([tom, jerry]);
  const sent = [];
  for (let n = 0; n < most; n += 1) sent.push(await made.send(text(tom, `${n}`)));
  return { tom, jerry, made, seen: await seenBy(jerry, made), sent, Direction: home(tom).im.MessageQueryDirection };
}

scene('history comes oldest first, the newest page of it', async stage => {
  const { seen, sent } = await said(stage, 23);
  assert.deepEqual(ids(await seen.queryMessages()), ids(sent.slice(3)));
  const five = await seen.queryMessages({ limit: 5 });
  assert.deepEqual(ids(five), ids(sent.slice(18)));
  assert.deepEqual(texts(five), ['18', '19', '20', '21', '22']);
  assert.deepEqual(five.map(each => each.timestamp.getTime()), sent.slice(18).map(each => each.timestamp.getTime()));
  assert.deepEqual(await seen.queryMessages({ limit: 0 }), []);
});

scene('one reads back from a message, without it', async stage => {
  const { seen, sent } = await said(stage, 8);
  const from = { startTime: sent[5].timestamp, startMessageId: sent[5].id };
  assert.deepEqual(texts(await seen.queryMessages({ ...from, limit: 3 })), ['2', '3', '4']);
  assert.deepEqual(texts(await seen.queryMessages({ ...from, limit: 3, startClosed: true })), ['3', '4', '5']);
  assert.deepEqual(texts(await seen.queryMessages({ startTime: sent[0].timestamp, startMessageId: sent[0].id })), []);
});

scene('one reads forward from a message, without it', async stage => {
  const { seen, sent, Direction } = await said(stage, 8);
  const from = { startTime: sent[2].timestamp, startMessageId: sent[2].id, direction: Direction.OLD_TO_NEW };
  assert.deepEqual(texts(await seen.queryMessages({ ...from, limit: 3 })), ['3', '4', '5']);
  assert.deepEqual(texts(await seen.queryMessages({ ...from, limit: 3, startClosed: true })), ['2', '3', '4']);
  assert.deepEqual(texts(await seen.queryMessages({ direction: Direction.OLD_TO_NEW, limit: 2 })), ['0', '1']);
});

scene('one reads what lies between, with the ends or without', async stage => {
  const { seen, sent } = await said(stage, 8);
  const [low, high] = [sent[2], sent[5]];
  const back = { startTime: high.timestamp, startMessageId: high.id, endTime: low.timestamp, endMessageId: low.id };
  assert.deepEqual(texts(await seen.queryMessages(back)), ['3', '4']);
  assert.deepEqual(texts(await seen.queryMessages({ ...back, startClosed: true })), ['3', '4', '5']);
  assert.deepEqual(texts(await seen.queryMessages({ ...back, endClosed: true })), ['2', '3', '4']);
  const on = { startTime: low.timestamp, startMessageId: low.id, endTime: high.timestamp, endMessageId: high.id };
  assert.deepEqual(texts(await seen.queryMessages(on)), ['3', '4']);
  assert.deepEqual(texts(await seen.queryMessages({ ...on, startClosed: true, endClosed: true, limit: 3 })), ['2', '3', '4']);
});

scene('the old words for it are understood', async stage => {
  const { seen, sent } = await said(stage, 6);
  const old = { beforeTime: sent[5].timestamp, beforeMessageId: sent[5].id, afterTime: sent[1].timestamp, afterMessageId: sent[1].id };
  assert.deepEqual(texts(await seen.queryMessages(old)), ['2', '3', '4']);
});

scene('an iterator walks back to the beginning', async stage => {
  const { seen, sent } = await said(stage, 11);
  const iterator = seen.createMessagesIterator({ limit: 4 });
  const pages = [];
  for (;;) {
    const { done, value } = await iterator.next();
    pages.push(texts(value));
    if (done) break;
  }
  assert.deepEqual(pages, [['7', '8', '9', '10'], ['3', '4', '5', '6'], ['0', '1', '2']]);
  const later = seen.createMessagesIterator({ limit: 2, beforeTime: sent[4].timestamp, beforeMessageId: sent[4].id });
  assert.deepEqual(texts((await later.next()).value), ['2', '3']);
});

scene('an iterator over full pages ends with an empty one', async stage => {
  const { seen } = await said(stage, 4);
  const iterator = seen.createMessagesIterator({ limit: 2 });
  const pages = [await iterator.next(), await iterator.next(), await iterator.next()];
  assert.deepEqual(pages.map(({ done, value }) => [done, value.length]), [[false, 2], [false, 2], [true, 0]]);
});

scene('history is read by type', async stage => {
  const { tom, made, seen } = await said(stage, 3);
  const { TypedMessage, messageType } = home(tom).im;
  class Dice extends TypedMessage {}
  messageType(21)(Dice);
  await made.send(new Dice().setText('six'));
  await made.send(text(tom, 'after'));
  const found = await seen.queryMessages({ type: 21 });
  assert.deepEqual(found.map(each => each.getPayload()._lctext), ['six']);
  assert.deepEqual(texts(await seen.queryMessages({ type: -1 })), ['0', '1', '2', 'after']);
  assert.deepEqual(await seen.queryMessages({ type: 22 }), []);
});

scene('who joins later reads what was said before', async stage => {
  const { made } = await said(stage, 2);
  const bob = await stage.client('bob');
  const seen = await seenBy(bob, made);
  await seen.join();
  assert.deepEqual(texts(await seen.queryMessages()), ['0', '1']);
});
