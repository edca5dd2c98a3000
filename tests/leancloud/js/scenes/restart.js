'use strict';

// The server itself goes away and comes back. These scenes are played one after another, on a server of their own.

const assert = require('node:assert/strict');
const { HELPERS, home, ids, scene, seenBy, sorted, text, together } = require('../stage');

const restarted = async () => assert.ok((await fetch(process.env.PARLANCE_DOOR, { method: 'POST' })).ok);

/** Restart the server, and wait until everybody is back by themselves. */
async function restartWith(...people) {
  const { RECONNECT } = home(people[0]).im.Event;
  const back = people.map(each => each.ear.next(RECONNECT, () => true, 60000));
  await restarted();
  await Promise.all(back);
}

scene('clients come back by themselves when the server was restarted', async stage => {
  const [tom, jerry] = await stage.clients('tom', 'jerry');
  const { MESSAGE } = home(tom).im.Event;
  const made = await together([tom, jerry], { name: 'lasting', attr: { n: 1 } });
  const before = await made.send(text(tom, 'before'));
  await jerry.ear.next(MESSAGE);
  await restartWith(tom, jerry);
  assert.deepEqual(sorted(await tom.ping([tom.id, jerry.id])), sorted([tom.id, jerry.id]));
  const after = await made.send(text(tom, 'after'));
  assert.equal((await jerry.ear.next(MESSAGE))[0].text, 'after');
  const seen = await jerry.getConversation(made.id, true);
  assert.deepEqual([seen.name, seen.get('attr')], ['lasting', { n: 1 }]);
  assert.deepEqual(ids(await seen.queryMessages()), [before.id, after.id]);
});

scene('what was unread, muted and blocked before is so afterwards', async stage => {
  const [tom, jerry, bob, eve] = await stage.clients('tom', 'jerry', 'bob', 'eve');
  const away = stage.name('away');
  const made = await together([tom, jerry, bob, eve]);
  await made.add([away]);
  await made.muteMembers([bob.id]);
  await made.blockMembers([eve.id]);
  await made.send(text(tom, 'unread'));
  await jerry.ear.next(home(jerry).im.Event.MESSAGE);
  await restartWith(tom, jerry, bob, eve);
  assert.deepEqual((await made.queryMutedMembers()).results, [bob.id]);
  assert.deepEqual((await made.queryBlockedMembers()).results, [eve.id]);
  const late = await stage.client('away', { as: away });
  const [[conversation]] = await late.ear.next(home(late).im.Event.UNREAD_MESSAGES_COUNT_UPDATE);
  assert.deepEqual([conversation.id, conversation.unreadMessagesCount], [made.id, 1]);
});

if (HELPERS) {
  scene('tokens of before are good afterwards', async stage => {
    const [tom, jerry] = await stage.clients('tom', 'jerry');
    const made = await together([tom, jerry]);
    const token = await tom._sessionManager.getSessionToken();
    await restartWith(tom, jerry);
    assert.equal(typeof token, 'string');
    const roles = (await made.getAllMemberInfo({ noCache: true })).map(each => each.role);
    assert.deepEqual(sorted(roles), ['Member', 'Owner']);
  });
}

scene('a chat room of before is there, and entered again', async stage => {
  const [tom, jerry] = await stage.clients('tom', 'jerry');
  const room = await tom.createChatRoom({ name: 'lasting' });
  const seen = await seenBy(jerry, room);
  await seen.join();
  await room.send(text(tom, 'before'));
  await restartWith(tom, jerry);
  for (const each of [room, seen]) await each.join();
  assert.equal(await room.count(), 2);
  assert.equal((await seen.queryMessages())[0].text, 'before');
});
