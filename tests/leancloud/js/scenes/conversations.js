'use strict';

const assert = require('node:assert/strict');
const { APPS, Ear, PUSH_OFFLINE, backend, eventually, home, refused, scene, seenBy, sorted, text, texts, together } = require('../stage');

const soon = 60;

scene('whoever is invited hears of it, with all members, and so does the one who invited', async stage => {
  const [tom, jerry, bob] = await stage.clients('tom', 'jerry', 'bob');
  const { INVITED, MEMBERS_JOINED } = home(tom).im.Event;
  const made = await tom.createConversation({ members: [jerry.id, bob.id], unique: false });
  for (const each of [tom, jerry, bob]) {
    const [{ invitedBy }, conversation] = await each.ear.next(INVITED);
    assert.deepEqual([conversation.id, invitedBy], [made.id, tom.id]);
    const [joined] = await each.ear.next(MEMBERS_JOINED);
    assert.deepEqual(sorted(joined.members), sorted([tom.id, jerry.id, bob.id]));
    assert.equal(joined.invitedBy, tom.id);
    assert.deepEqual(sorted(conversation.members), sorted([tom.id, jerry.id, bob.id]));
  }
});

scene('a conversation has all it was given, for whoever looks', async stage => {
  const [tom, jerry] = await stage.clients('tom', 'jerry');
  const when = new Date('2026-02-03T04:05:06.789Z');
  const given = { name: '名字 & Co', topic: 'cats', since: when, attr: { color: 'red', deep: { n: 1.5, list: [1, 'b', null] } } };
  const made = await together([tom, jerry], given);
  const seen = await seenBy(jerry, made);
  assert.match(made.id, /^[0-9a-f]{24}$/);
  assert.ok(seen instanceof home(jerry).im.Conversation);
  assert.deepEqual([seen.name, seen.creator, seen.get('topic')], [given.name, tom.id, 'cats']);
  assert.deepEqual(seen.get('since'), when);
  assert.deepEqual(seen.get('attr'), given.attr);
  assert.equal(seen.createdAt.getTime(), made.createdAt.getTime());
  assert.deepEqual(sorted(seen.members), sorted([tom.id, jerry.id]));
  assert.ok(!seen.transient && !seen.system);
});

scene('members named twice are in it once', async stage => {
  const [tom, jerry] = await stage.clients('tom', 'jerry');
  const made = await tom.createConversation({ members: [jerry.id, tom.id, jerry.id], unique: false });
  assert.deepEqual(sorted((await seenBy(jerry, made)).members), sorted([tom.id, jerry.id]));
});

scene('a unique conversation of two is found again, whoever asks', async stage => {
  const [tom, jerry] = await stage.clients('tom', 'jerry');
  const [one, two] = [
    await tom.createConversation({ members: [jerry.id], unique: true, name: 'first' }),
    await jerry.createConversation({ members: [tom.id], unique: true, name: 'second' }),
  ];
  assert.equal(one.id, two.id);
  const seen = await tom.getConversation(one.id, true);
  assert.equal(seen.name, 'first');
  const { INVITED } = home(jerry).im.Event;
  await jerry.ear.next(INVITED);
  await new Promise(resolve => setTimeout(resolve, soon));
  assert.equal(jerry.ear.left(INVITED), 0);
});

scene('a unique conversation of three is found again, and another one is not', async stage => {
  const [tom, jerry, bob] = await stage.clients('tom', 'jerry', 'bob');
  const one = await tom.createConversation({ members: [jerry.id, bob.id], unique: true });
  assert.equal((await bob.createConversation({ members: [tom.id, jerry.id], unique: true })).id, one.id);
  assert.notEqual((await bob.createConversation({ members: [tom.id, jerry.id], unique: false })).id, one.id);
  assert.notEqual((await bob.createConversation({ members: [tom.id], unique: true })).id, one.id);
});

scene('conversations made in a row have times in a row', async stage => {
  const tom = await stage.client('tom');
  const made = [];
  for (let n = 0; n < 5; n += 1) made.push(await tom.createConversation({ members: [], unique: false, n }));
  const times = made.map(each => each.createdAt.getTime());
  assert.deepEqual(times, [...new Set(times)].sort((a, b) => a - b));
});

scene('somebody is brought in, and everybody hears of it', async stage => {
  const [tom, jerry, bob] = await stage.clients('tom', 'jerry', 'bob');
  const made = await together([tom, jerry]);
  const { INVITED, MEMBERS_JOINED } = home(tom).im.Event;
  const { successfulClientIds, failures } = await made.add([bob.id]);
  assert.deepEqual([successfulClientIds, failures], [[bob.id], []]);
  assert.deepEqual(sorted(made.members), sorted([tom.id, jerry.id, bob.id]));
  assert.equal((await bob.ear.next(INVITED))[0].invitedBy, tom.id);
  for (const each of [tom, jerry, bob]) {
    const [joined, conversation] = await each.ear.next(MEMBERS_JOINED);
    assert.deepEqual([joined.members, joined.invitedBy, conversation.id], [[bob.id], tom.id, made.id]);
  }
  assert.deepEqual([tom, jerry].map(each => each.ear.left(INVITED)), [0, 0]);
});

scene('bringing in who is in it already changes nothing', async stage => {
  const [tom, jerry] = await stage.clients('tom', 'jerry');
  const made = await together([tom, jerry]);
  const { failures } = await made.add([jerry.id]);
  assert.deepEqual(failures, []);
  assert.deepEqual(sorted(made.members), sorted([tom.id, jerry.id]));
  assert.equal(await made.count(), 2);
});

scene('somebody is taken out, and everybody hears of it', async stage => {
  const [tom, jerry, bob] = await stage.clients('tom', 'jerry', 'bob');
  const made = await together([tom, jerry, bob]);
  const { KICKED, MEMBERS_LEFT } = home(tom).im.Event;
  const { successfulClientIds, failures } = await made.remove([bob.id]);
  assert.deepEqual([successfulClientIds, failures], [[bob.id], []]);
  const [{ kickedBy }, conversation] = await bob.ear.next(KICKED);
  assert.deepEqual([kickedBy, conversation.id], [tom.id, made.id]);
  for (const each of [tom, jerry]) {
    const [left] = await each.ear.next(MEMBERS_LEFT);
    assert.deepEqual([left.members, left.kickedBy], [[bob.id], tom.id]);
  }
  assert.equal(bob.ear.left(MEMBERS_LEFT), 0);
  assert.deepEqual(sorted(made.members), sorted([tom.id, jerry.id]));
});

scene('anybody may join, and everybody hears of it', async stage => {
  const [tom, jerry, bob] = await stage.clients('tom', 'jerry', 'bob');
  const made = await together([tom, jerry]);
  const { INVITED, MEMBERS_JOINED } = home(tom).im.Event;
  const joined = await (await seenBy(bob, made)).join();
  assert.ok(joined.members.includes(bob.id));
  assert.equal((await bob.ear.next(INVITED))[0].invitedBy, bob.id);
  for (const each of [tom, jerry, bob]) {
    const [payload] = await each.ear.next(MEMBERS_JOINED);
    assert.deepEqual([payload.members, payload.invitedBy], [[bob.id], bob.id]);
  }
});

scene('whoever likes goes, and everybody hears of it', async stage => {
  const [tom, jerry, bob] = await stage.clients('tom', 'jerry', 'bob');
  const made = await together([tom, jerry, bob]);
  const { KICKED, MEMBERS_LEFT } = home(tom).im.Event;
  const gone = await (await seenBy(bob, made)).quit();
  assert.ok(!gone.members.includes(bob.id));
  assert.equal((await bob.ear.next(KICKED))[0].kickedBy, bob.id);
  for (const each of [tom, jerry]) {
    const [payload] = await each.ear.next(MEMBERS_LEFT);
    assert.deepEqual([payload.members, payload.kickedBy], [[bob.id], bob.id]);
  }
});

scene('who made a conversation of two may go from it', async stage => {
  const [tom, jerry] = await stage.clients('tom', 'jerry');
  const made = await together([tom, jerry]);
  await made.quit();
  await eventually(async () => (await jerry.getConversation(made.id, true)).members, found => found.length === 1, 'members');
  assert.deepEqual((await seenBy(jerry, made)).members, [jerry.id]);
});

scene('joining at once after starting and going again leaves nobody behind', async stage => {
  const tom = await stage.client('tom');
  for (let n = 0; n < 4; n += 1) {
    const made = await tom.createConversation({ members: [stage.name('x')], unique: false });
    await made.quit();
    assert.ok(!made.members.includes(tom.id));
    await made.join();
    assert.ok(made.members.includes(tom.id));
  }
});

scene('a stranger brings nobody in, says nothing, reads nothing and changes nothing', async stage => {
  const [tom, jerry, eve] = await stage.clients('tom', 'jerry', 'eve');
  const made = await together([tom, jerry]);
  await made.send(text(tom, 'secret'));
  const seen = await seenBy(eve, made);
  await refused(seen.add([stage.name('friend')]), 4317);
  await refused(seen.send(text(eve, 'hello')), 4401);
  await refused(seen.queryMessages(), 4312);
  await refused(seen.set('name', 'mine').save(), 4309);
});

scene('what there is not cannot be joined, spoken in or asked about', async stage => {
  const tom = await stage.client('tom');
  assert.equal(await tom.getConversation('0123456789abcdef01234567'), null);
  const ghost = await tom.parseConversation({ id: '0123456789abcdef01234567', members: [] });
  await refused(ghost.join(), 4303);
  await refused(ghost.send(text(tom, 'anybody?')), 4401);
});

scene('a change of name and attributes reaches the others', async stage => {
  const [tom, jerry] = await stage.clients('tom', 'jerry');
  const made = await together([tom, jerry], { name: 'old', attr: { color: 'red', size: 1 } });
  const seen = await seenBy(jerry, made);
  const { CONVERSATION_INFO_UPDATED, INFO_UPDATED } = home(jerry).im.Event;
  const ear = new Ear(seen, [INFO_UPDATED]);
  const before = made.updatedAt;
  made.name = 'new';
  await made.set('attr.color', 'blue').save();
  const [payload, conversation] = await jerry.ear.next(CONVERSATION_INFO_UPDATED);
  assert.deepEqual([payload.updatedBy, conversation.id], [tom.id, made.id]);
  assert.deepEqual(payload.attributes, { name: 'new', 'attr.color': 'blue' });
  await ear.next(INFO_UPDATED);
  assert.deepEqual([seen.name, seen.get('attr')], ['new', { color: 'blue', size: 1 }]);
  assert.ok(made.updatedAt > before);
  await made.fetch();
  assert.deepEqual([made.name, made.get('attr')], ['new', { color: 'blue', size: 1 }]);
  assert.equal(tom.ear.left(CONVERSATION_INFO_UPDATED), 0);
});

scene('a change reaches the other devices of the one who made it', async stage => {
  const tom = await stage.client('tom');
  const tablet = await stage.client('tom', { as: tom.id });
  const made = await tom.createConversation({ members: [stage.name('x')], unique: false });
  await made.set('topic', 'tea').save();
  const [payload] = await tablet.ear.next(home(tablet).im.Event.CONVERSATION_INFO_UPDATED);
  assert.deepEqual(payload.attributes, { topic: 'tea' });
});

scene('muting is for oneself alone', async stage => {
  const [tom, jerry] = await stage.clients('tom', 'jerry');
  const made = await together([tom, jerry]);
  await made.mute();
  assert.deepEqual([made.muted, made.mutedMembers], [true, [tom.id]]);
  await made.fetch();
  assert.deepEqual([made.muted, made.mutedMembers], [true, [tom.id]]);
  assert.ok(!(await jerry.getConversation(made.id, true)).muted);
  await made.unmute();
  await made.fetch();
  assert.ok(!made.muted);
  assert.deepEqual(made.mutedMembers || [], []);
});

scene('members are counted', async stage => {
  const [tom, jerry, bob] = await stage.clients('tom', 'jerry', 'bob');
  const made = await together([tom, jerry, bob]);
  assert.equal(await made.count(), 3);
  await made.remove([bob.id]);
  assert.equal(await made.count(), 2);
});

scene('a chat room has no members, and whoever is in it hears what is said', async stage => {
  const [tom, jerry, bob] = await stage.clients('tom', 'jerry', 'bob');
  const { MESSAGE, INVITED, MEMBERS_JOINED } = home(tom).im.Event;
  const room = await tom.createChatRoom({ name: stage.name('room') });
  const seen = await seenBy(jerry, room);
  assert.ok(seen instanceof home(jerry).im.ChatRoom && seen.transient);
  assert.deepEqual(seen.members, []);
  await seen.join();
  assert.equal(await room.count(), 2);
  await room.send(text(tom, 'welcome'));
  assert.equal((await jerry.ear.next(MESSAGE))[0].text, 'welcome');
  await (await seenBy(bob, room)).send(text(bob, 'from outside'));
  assert.equal((await tom.ear.next(MESSAGE))[0].text, 'from outside');
  assert.equal((await jerry.ear.next(MESSAGE))[0].text, 'from outside');
  await seen.quit();
  assert.equal(await room.count(), 1);
  await room.send(text(tom, 'gone?'));
  assert.deepEqual(texts(await room.queryMessages()), ['welcome', 'from outside', 'gone?']);
  assert.equal(jerry.ear.left(MESSAGE), 0);
  for (const event of [INVITED, MEMBERS_JOINED]) assert.deepEqual([tom, jerry, bob].map(each => each.ear.left(event)), [0, 0, 0]);
});

scene('nobody is brought into a chat room', async stage => {
  const [tom, jerry] = await stage.clients('tom', 'jerry');
  const room = await tom.createChatRoom({ name: 'r' });
  const error = await room.add([jerry.id]).then(() => assert.fail('was brought in'), reason => reason);
  assert.ok([4314, 4316].includes(error.code), `${error.code}`);
});

scene('who enters another chat room leaves the one before', async stage => {
  const [tom, jerry] = await stage.clients('tom', 'jerry');
  const [one, two] = [await tom.createChatRoom({ name: 'one' }), await jerry.createChatRoom({ name: 'two' })];
  await (await seenBy(tom, two)).join();
  assert.deepEqual([await one.count(), await two.count()], [0, 2]);
});

scene('chat rooms are found by their name', async stage => {
  const [tom, jerry] = await stage.clients('tom', 'jerry');
  const name = stage.name('room');
  const room = await tom.createChatRoom({ name });
  const found = await jerry.getChatRoomQuery().equalTo('name', name).find();
  assert.deepEqual(found.map(each => [each.id, each.transient]), [[room.id, true]]);
});

scene('a temporary conversation lives for a while', async stage => {
  const [tom, jerry] = await stage.clients('tom', 'jerry');
  const { INVITED, MESSAGE } = home(jerry).im.Event;
  const made = await tom.createTemporaryConversation({ members: [jerry.id], ttl: 600 });
  assert.match(made.id, /^_tmp:/);
  assert.ok(Math.abs(made.expiredAt - Date.now() - 600000) < 10000);
  const [{ invitedBy }, seen] = await jerry.ear.next(INVITED);
  assert.equal(invitedBy, tom.id);
  assert.ok(seen instanceof home(jerry).im.TemporaryConversation);
  assert.equal(seen.id, made.id);
  await made.send(text(tom, 'quick'));
  assert.equal((await jerry.ear.next(MESSAGE))[0].text, 'quick');
  await seen.send(text(jerry, 'yes?'));
  assert.equal((await tom.ear.next(MESSAGE))[0].text, 'yes?');
  const again = await jerry.createTemporaryConversation({ members: [tom.id], ttl: 600 });
  assert.equal(again.id, made.id);
  const known = await jerry.getConversation(made.id, true);
  assert.deepEqual([known.id, sorted(known.members)], [made.id, sorted([tom.id, jerry.id])]);
  assert.deepEqual(await tom.getQuery().equalTo('objectId', made.id).find(), []);
});

scene('a temporary conversation ends', async stage => {
  const [tom, jerry] = await stage.clients('tom', 'jerry');
  const made = await tom.createTemporaryConversation({ members: [jerry.id], ttl: 1 });
  await eventually(async () => made.expired, expired => expired, 'it lives');
  await refused(made.send(text(tom, 'too late')), 4323);
  // The clock of the other one is wrong: the server knows better.
  const seen = await jerry.parseConversation({ id: made.id, members: made.members, expiredAt: Date.now() + 600000 });
  assert.ok(!seen.expired);
  await refused(seen.send(text(jerry, 'too late')), 4323);
  assert.equal(await tom.getConversation(made.id, true), null);
});

scene("a service conversation is the backend's, and people subscribe to it", async stage => {
  const [tom, jerry] = await stage.clients('tom', 'jerry');
  const { MESSAGE, INVITED } = home(tom).im.Event;
  const name = stage.name('news');
  const { objectId } = await backend('POST', '/1.2/rtm/service-conversations', { name });
  const [news] = await tom.getServiceConversationQuery().equalTo('name', name).find();
  assert.ok(news instanceof home(tom).im.ServiceConversation && news.system);
  assert.equal(news.id, objectId);
  await news.subscribe();
  assert.equal(await news.count(), 1);
  const path = `/1.2/rtm/service-conversations/${objectId}`;
  await backend('POST', `${path}/broadcasts`, { from_client: 'editor', message: '{"_lctype":-1,"_lctext":"extra"}' });
  const [extra, conversation] = await tom.ear.next(MESSAGE);
  assert.deepEqual([extra.text, extra.from, conversation.id], ['extra', 'editor', objectId]);
  await backend('POST', `${path}/messages`, { from_client: 'editor', to_clients: [jerry.id], message: '{"_lctype":-1,"_lctext":"psst"}' });
  assert.equal((await jerry.ear.next(MESSAGE))[0].text, 'psst');
  await (await seenBy(jerry, news)).send(text(jerry, 'dear editor'));
  await news.unsubscribe();
  assert.equal(await news.count(), 0);
  assert.deepEqual([tom.ear.left(MESSAGE), tom.ear.left(INVITED)], [0, 0]);
});

scene('what the app tells everybody is heard by who is here, and by who comes later', async stage => {
  const app = APPS.other;
  const here = await stage.client('here', { app });
  const { MESSAGE } = home(here).im.Event;
  const { objectId } = await backend('POST', '/1.2/rtm/service-conversations', { name: 'all' }, app);
  const message = '{"_lctype":-1,"_lctext":"to everybody"}';
  await backend('POST', '/1.2/rtm/broadcasts', { from_client: 'robot', conv_id: objectId, message }, app);
  const there = (said, conversation) => conversation.id === objectId;
  const [said] = await here.ear.next(MESSAGE, there);
  assert.deepEqual([said.text, said.from], ['to everybody', 'robot']);
  const later = await stage.client('later', { app });
  if (PUSH_OFFLINE) {
    assert.equal((await later.ear.next(home(later).im.Event.MESSAGE, there))[0].text, 'to everybody');
  } else {
    const unread = ([each]) => each.id === objectId && each.unreadMessagesCount === 1;
    const [[conversation]] = await later.ear.next(home(later).im.Event.UNREAD_MESSAGES_COUNT_UPDATE, unread);
    assert.equal(conversation.lastMessage.text, 'to everybody');
  }
});
