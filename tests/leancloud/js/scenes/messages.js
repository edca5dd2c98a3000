'use strict';

const assert = require('node:assert/strict');
const { PUSH_OFFLINE, backend, eventually, home, refused, scene, seenBy, text, texts, together } = require('../stage');

const bytes = (...numbers) => Uint8Array.from(numbers).buffer;
const soon = 80;
const quietly = () => new Promise(resolve => setTimeout(resolve, soon));

/** Tom and Jerry in a conversation of their own. */
async function pair(stage) {
  const [tom, jerry] = await stage.clients('tom', 'jerry');
  const made = await together([tom, jerry]);
  return { tom, jerry, made, seen: await seenBy(jerry, made), MESSAGE: home(tom).im.Event.MESSAGE };
}

scene('a text arrives as it was said, with its attributes', async stage => {
  const { tom, jerry, made, MESSAGE } = await pair(stage);
  const attributes = { n: 1.5, deep: { list: [1, 'b', null], ok: true }, 键: '值' };
  const sent = await made.send(text(tom, '你好 👋 "quoted" \n <b>', attributes));
  const [got, conversation] = await jerry.ear.next(MESSAGE);
  const { TextMessage, MessageStatus } = home(jerry).im;
  assert.ok(got instanceof TextMessage);
  assert.deepEqual([got.text, got.attributes], ['你好 👋 "quoted" \n <b>', attributes]);
  assert.deepEqual([got.id, got.from, got.cid, conversation.id], [sent.id, tom.id, made.id, made.id]);
  assert.equal(got.timestamp.getTime(), sent.timestamp.getTime());
  assert.ok(Math.abs(sent.timestamp - Date.now()) < 60000);
  assert.equal(got.status, MessageStatus.SENT);
  assert.equal(conversation.lastMessage.id, sent.id);
  assert.equal(tom.ear.left(MESSAGE), 0);
});

scene('messages arrive in the order in which they were sent', async stage => {
  const { tom, jerry, made, MESSAGE } = await pair(stage);
  const said = Array.from({ length: 30 }, (_, n) => `message ${n}`);
  const sent = await Promise.all(said.map(each => made.send(text(tom, each))));
  const got = [];
  for (let n = 0; n < said.length; n += 1) got.push((await jerry.ear.next(MESSAGE))[0]);
  assert.deepEqual(texts(got), said);
  const times = sent.map(each => each.timestamp.getTime());
  assert.deepEqual(times, [...new Set(times)].sort((a, b) => a - b));
});

scene("a type of the app's own arrives with its fields", async stage => {
  const { tom, jerry, made, MESSAGE } = await pair(stage);
  const order = ({ im }) => {
    class OrderMessage extends im.TypedMessage {}
    im.messageType(7)(OrderMessage);
    im.messageField(['sku', 'price', 'lines'])(OrderMessage);
    return OrderMessage;
  };
  const [Sent, Got] = [order(home(tom)), order(home(jerry))];
  home(jerry).realtime.register(Got);
  const message = Object.assign(new Sent(), { sku: 'x-1', price: 12.5, lines: [{ a: 1 }] });
  message.setText('an order').setAttributes({ shop: 3 });
  const sent = await made.send(message);
  const [got] = await jerry.ear.next(MESSAGE);
  assert.ok(got instanceof Got);
  assert.deepEqual([got.type, got.sku, got.price, got.lines], [7, 'x-1', 12.5, [{ a: 1 }]]);
  assert.deepEqual([got.text, got.attributes], ['an order', { shop: 3 }]);
  const [kept] = await (await seenBy(jerry, made)).queryMessages({ type: 7 });
  assert.deepEqual([kept.id, kept.sku, kept.lines], [sent.id, 'x-1', [{ a: 1 }]]);
});

scene('what is no typed message at all arrives letter for letter', async stage => {
  const { tom, jerry, made, MESSAGE } = await pair(stage);
  const { Message } = home(tom).im;
  for (const content of ['plain words', '{"not":"typed","n":1.0}', '[1,2,3]', '{broken', '"a string"', '{ "_lctype" : 99 , "x":1 }']) {
    await made.send(new Message(content));
    const [got] = await jerry.ear.next(MESSAGE);
    const [kept] = await made.queryMessages({ limit: 1 });
    const parsed = (() => {
      try {
        return JSON.parse(content);
      } catch (error) {
        return content;
      }
    })();
    assert.deepEqual([got.getPayload(), kept.getPayload()], [parsed, parsed], content);
  }
});

scene('bytes arrive as bytes, live and from history', async stage => {
  const { tom, jerry, made, seen, MESSAGE } = await pair(stage);
  const content = bytes(0, 1, 127, 128, 254, 255, 10, 13);
  await made.send(new (home(tom).im.BinaryMessage)(content));
  const [got] = await jerry.ear.next(MESSAGE);
  assert.ok(got instanceof home(jerry).im.BinaryMessage);
  assert.deepEqual(Buffer.from(got.buffer), Buffer.from(content));
  const [kept] = await seen.queryMessages();
  assert.ok(kept instanceof home(jerry).im.BinaryMessage);
  assert.deepEqual(Buffer.from(kept.buffer), Buffer.from(content));
});

scene('a transient message is said once and not kept', async stage => {
  const { tom, jerry, made, seen, MESSAGE } = await pair(stage);
  const { UNREAD_MESSAGES_COUNT_UPDATE } = home(tom).im.Event;
  const sent = await made.send(text(tom, 'typing…'), { transient: true });
  assert.ok(sent.id);
  const [got] = await jerry.ear.next(MESSAGE);
  assert.deepEqual([got.text, got.id], ['typing…', sent.id]);
  await made.send(text(tom, 'kept'));
  assert.deepEqual(texts(await seen.queryMessages()), ['kept']);
  if (PUSH_OFFLINE) return;
  const tablet = await stage.client('jerry', { as: jerry.id });
  await tablet.ear.next(UNREAD_MESSAGES_COUNT_UPDATE, ([each]) => each.id === made.id && each.unreadMessagesCount === 1);
});

scene('a will is said when its client is lost', async stage => {
  const [jerry, tom] = [await stage.client('jerry'), await stage.client('tom', { cable: true })];
  const made = await together([tom, jerry]);
  const { MESSAGE } = home(jerry).im.Event;
  const will = await made.send(text(tom, 'I am gone'), { will: true });
  await quietly();
  assert.equal(jerry.ear.left(MESSAGE), 0);
  await home(tom).lose();
  const [got] = await jerry.ear.next(MESSAGE);
  assert.deepEqual([got.text, got.id, got.from], ['I am gone', will.id, tom.id]);
  assert.deepEqual(await (await seenBy(jerry, made)).queryMessages(), []);
});

scene('of several wills the last counts, and none after a farewell', async stage => {
  const jerry = await stage.client('jerry');
  const { MESSAGE } = home(jerry).im.Event;
  const [tom, bob] = [await stage.client('tom', { cable: true }), await stage.client('bob', { fresh: true })];
  const [toms, bobs] = [await together([tom, jerry]), await together([bob, jerry])];
  await toms.send(text(tom, 'first will'), { will: true });
  await toms.send(text(tom, 'last will'), { will: true });
  await bobs.send(text(bob, 'never said'), { will: true });
  await bob.close();
  home(bob).clients = [];
  await home(tom).lose();
  assert.equal((await jerry.ear.next(MESSAGE))[0].text, 'last will');
  await quietly();
  assert.equal(jerry.ear.left(MESSAGE), 0);
});

scene('mentions reach whom they mean', async stage => {
  const [tom, jerry, bob] = await stage.clients('tom', 'jerry', 'bob');
  const { MESSAGE } = home(tom).im.Event;
  const made = await together([tom, jerry, bob]);
  await made.send(text(tom, '@jerry').setMentionList([jerry.id]));
  await made.send(text(tom, '@all').mentionAll());
  const [forJerry] = await jerry.ear.next(MESSAGE);
  const [forBob] = await bob.ear.next(MESSAGE);
  assert.deepEqual([forJerry.mentioned, forBob.mentioned, forJerry.mentionList], [true, false, [jerry.id]]);
  assert.deepEqual([(await jerry.ear.next(MESSAGE))[0].mentioned, (await bob.ear.next(MESSAGE))[0].mentioned], [true, true]);
  const seen = await seenBy(bob, made);
  assert.equal(seen.unreadMessagesMentioned, true);
  const kept = await seen.queryMessages();
  assert.deepEqual(kept.map(each => [each.mentionList, Boolean(each.mentionedAll)]), [[[jerry.id], false], [[], true]]);
});

scene('in a chat room messages have priorities', async stage => {
  const [tom, jerry] = await stage.clients('tom', 'jerry');
  const { MessagePriority, Event } = home(tom).im;
  const room = await tom.createChatRoom({ name: 'loud' });
  await (await seenBy(jerry, room)).join();
  for (const priority of Object.values(MessagePriority)) {
    await room.send(text(tom, `priority ${priority}`), { priority });
    assert.equal((await jerry.ear.next(Event.MESSAGE))[0].text, `priority ${priority}`);
  }
});

scene('the sender\'s other devices get the message too, and count nothing', async stage => {
  const { tom, made, MESSAGE } = await pair(stage);
  const tablet = await stage.client('tom', { as: tom.id });
  const sent = await made.send(text(tom, 'also for me'));
  const [got, conversation] = await tablet.ear.next(MESSAGE);
  assert.deepEqual([got.id, got.from, conversation.unreadMessagesCount], [sent.id, tom.id, 0]);
  assert.equal(tom.ear.left(MESSAGE), 0);
});

scene('a message sent again is the same message', async stage => {
  const { tom, jerry, made, MESSAGE } = await pair(stage);
  const [one, two] = [text(tom, 'once'), text(tom, 'once')];
  two.id = one.id;
  await made.send(one);
  await made.send(two);
  assert.deepEqual([two.id, two.timestamp.getTime()], [one.id, one.timestamp.getTime()]);
  await made.send(text(tom, 'then'));
  assert.deepEqual([(await jerry.ear.next(MESSAGE))[0].text, (await jerry.ear.next(MESSAGE))[0].text], ['once', 'then']);
});

scene('a message that is too long is refused, and the next one goes', async stage => {
  const { tom, jerry, made, MESSAGE } = await pair(stage);
  await refused(made.send(text(tom, 'x'.repeat(6 * 1024))), 4109);
  const { MessageStatus } = home(tom).im;
  const good = await made.send(text(tom, 'x'.repeat(4 * 1024)));
  assert.equal(good.status, MessageStatus.SENT);
  assert.equal((await jerry.ear.next(MESSAGE))[0].text.length, 4 * 1024);
});

scene('what is to be pushed for a message goes with it and nowhere else', async stage => {
  const { tom, jerry, made, MESSAGE } = await pair(stage);
  await made.send(text(tom, 'wake up'), { pushData: { alert: 'wake up', badge: 'Increment' } });
  assert.deepEqual((await jerry.ear.next(MESSAGE))[0].getPayload(), { _lctype: -1, _lctext: 'wake up' });
});

scene("the backend's messages arrive like any other", async stage => {
  const { tom, jerry, made, MESSAGE } = await pair(stage);
  const said = await backend('POST', `/1.2/rtm/conversations/${made.id}/messages`, {
    from_client: 'robot',
    message: '{"_lctype":-1,"_lctext":"from the backend","_lcattrs":{"n":1}}',
  });
  for (const each of [tom, jerry]) {
    const [got] = await each.ear.next(MESSAGE);
    assert.deepEqual([got.text, got.attributes, got.from, got.id], ['from the backend', { n: 1 }, 'robot', said['msg-id']]);
  }
});

scene('nobody stays when the one who said it is gone', async stage => {
  const { tom, jerry, made, MESSAGE } = await pair(stage);
  await made.send(text(tom, 'bye'));
  await made.quit();
  assert.equal((await jerry.ear.next(MESSAGE))[0].text, 'bye');
  await refused(made.send(text(tom, 'one more')), 4401);
  await eventually(() => jerry.ping([tom.id]), found => found.length === 1, 'tom is online');
});
