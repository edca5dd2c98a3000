'use strict';

const assert = require('node:assert/strict');
const { HELPERS, SDK, home, refused, scene, seenBy, sorted, text, together } = require('../stage');

/** All pages of a list. */
async function paged(ask, limit) {
  const pages = [];
  let next;
  do {
    const page = await ask({ limit, next });
    pages.push(page.results);
    ({ next } = page);
  } while (next);
  return pages;
}

if (HELPERS) {
  scene('roles are told, and looked up', async stage => {
    const [tom, jerry, bob] = await stage.clients('tom', 'jerry', 'bob');
    const { ConversationMemberRole, Event } = home(tom).im;
    const made = await together([tom, jerry, bob]);
    await made.updateMemberRole(jerry.id, ConversationMemberRole.MANAGER);
    for (const each of [tom, jerry, bob]) {
      const [{ member, memberInfo, updatedBy }, conversation] = await each.ear.next(Event.MEMBER_INFO_UPDATED);
      assert.deepEqual([member, updatedBy, conversation.id], [jerry.id, tom.id, made.id]);
      assert.equal(memberInfo.role, 'Manager');
    }
    const seen = await seenBy(bob, made);
    const roles = async () => Object.fromEntries((await seen.getAllMemberInfo({ noCache: true })).map(each => [each.memberId, each.role]));
    assert.deepEqual(await roles(), { [tom.id]: 'Owner', [jerry.id]: 'Manager', [bob.id]: 'Member' });
    await made.updateMemberRole(jerry.id, ConversationMemberRole.MEMBER);
    await bob.ear.next(Event.MEMBER_INFO_UPDATED);
    assert.deepEqual(await roles(), { [tom.id]: 'Owner', [jerry.id]: 'Member', [bob.id]: 'Member' });
    assert.equal((await seen.getMemberInfo(tom.id)).isOwner, true);
  });
}

scene('nobody promotes themselves, and nobody is made owner', async stage => {
  const [tom, jerry] = await stage.clients('tom', 'jerry');
  const { ConversationMemberRole } = home(tom).im;
  const made = await together([tom, jerry]);
  await refused((await seenBy(jerry, made)).updateMemberRole(jerry.id, ConversationMemberRole.MANAGER), 4320);
  await refused(made.updateMemberRole(jerry.id, ConversationMemberRole.OWNER), 5130);
});

scene('an owner with managers cannot go', async stage => {
  const [tom, jerry] = await stage.clients('tom', 'jerry');
  const made = await together([tom, jerry]);
  await made.updateMemberRole(jerry.id, home(tom).im.ConversationMemberRole.MANAGER);
  await refused(made.quit(), 4324);
  assert.equal(await made.count(), 2);
});

scene('members with a role are taken out by those above them alone', async stage => {
  const [tom, jerry, bob] = await stage.clients('tom', 'jerry', 'bob');
  const made = await together([tom, jerry, bob]);
  await made.updateMemberRole(jerry.id, home(tom).im.ConversationMemberRole.MANAGER);
  await seenBy(bob, made).then(seen => seen.remove([jerry.id])).then(
    ({ successfulClientIds, failures }) => assert.deepEqual([successfulClientIds, failures.length], [[], 1]),
    ({ code }) => assert.equal(code, 4320)
  );
  const { successfulClientIds } = await (await seenBy(jerry, made)).remove([bob.id]);
  assert.deepEqual(successfulClientIds, [bob.id]);
});

scene('a muted member says nothing until they are heard again, and everybody knows', async stage => {
  const [tom, jerry, bob] = await stage.clients('tom', 'jerry', 'bob');
  const { MUTED, UNMUTED, MEMBERS_MUTED, MEMBERS_UNMUTED } = home(tom).im.Event;
  const made = await together([tom, jerry, bob]);
  const seen = await seenBy(bob, made);
  const done = await made.muteMembers([bob.id]);
  assert.deepEqual([done.successfulClientIds, done.failures], [[bob.id], []]);
  assert.equal((await bob.ear.next(MUTED))[0].mutedBy, tom.id);
  for (const each of [tom, jerry]) {
    const [payload, conversation] = await each.ear.next(MEMBERS_MUTED);
    assert.deepEqual([payload.members, payload.mutedBy, conversation.id], [[bob.id], tom.id, made.id]);
  }
  await refused(seen.send(text(bob, 'mmpf')), 4563);
  assert.deepEqual((await made.queryMutedMembers()).results, [bob.id]);
  await made.unmuteMembers([bob.id]);
  assert.equal((await bob.ear.next(UNMUTED))[0].unmutedBy, tom.id);
  assert.deepEqual((await jerry.ear.next(MEMBERS_UNMUTED))[0].members, [bob.id]);
  await seen.send(text(bob, 'ah'));
  assert.deepEqual((await made.queryMutedMembers()).results, []);
});

scene('plain members mute and block nobody', async stage => {
  const [tom, jerry, bob] = await stage.clients('tom', 'jerry', 'bob');
  const made = await together([tom, jerry, bob]);
  const seen = await seenBy(jerry, made);
  await refused(seen.muteMembers([bob.id]), 4320);
  await refused(seen.blockMembers([bob.id]), 4320);
});

scene('a muted manager does not unmute themselves', async stage => {
  const [tom, jerry] = await stage.clients('tom', 'jerry');
  const made = await together([tom, jerry]);
  await made.updateMemberRole(jerry.id, home(tom).im.ConversationMemberRole.MANAGER);
  await made.muteMembers([jerry.id]);
  await refused((await seenBy(jerry, made)).unmuteMembers([jerry.id]), 4320);
});

scene('the muted are listed page by page', async stage => {
  const tom = await stage.client('tom');
  const members = Array.from({ length: 7 }, () => stage.name('m'));
  const made = await tom.createConversation({ members, unique: false });
  await made.muteMembers(members);
  const pages = await paged(asked => made.queryMutedMembers(asked), 3);
  assert.deepEqual(pages.map(each => each.length), [3, 3, 1]);
  assert.deepEqual(sorted(pages.flat()), sorted(members));
});

scene('who is blocked is out, stays out, and everybody knows', async stage => {
  const [tom, jerry, bob] = await stage.clients('tom', 'jerry', 'bob');
  const { BLOCKED, KICKED, MEMBERS_BLOCKED, MEMBERS_LEFT, UNBLOCKED, MEMBERS_UNBLOCKED } = home(tom).im.Event;
  const made = await together([tom, jerry, bob]);
  const seen = await seenBy(bob, made);
  const done = await made.blockMembers([bob.id]);
  assert.deepEqual([done.successfulClientIds, done.failures], [[bob.id], []]);
  assert.equal((await bob.ear.next(BLOCKED))[0].blockedBy, tom.id);
  assert.equal((await bob.ear.next(KICKED))[0].kickedBy, tom.id);
  for (const each of [tom, jerry]) {
    const [payload] = await each.ear.next(MEMBERS_BLOCKED);
    assert.deepEqual([payload.members, payload.blockedBy], [[bob.id], tom.id]);
    assert.deepEqual((await each.ear.next(MEMBERS_LEFT))[0].members, [bob.id]);
  }
  assert.deepEqual(sorted((await seenBy(jerry, made)).members), sorted([tom.id, jerry.id]));
  await refused(seen.join(), 4548);
  const other = stage.name('other');
  const { successfulClientIds, failures } = await made.add([bob.id, other]);
  assert.deepEqual([successfulClientIds, failures.map(each => [each.code, each.clientIds])], [[other], [[4548, [bob.id]]]]);
  await made.unblockMembers([bob.id]);
  assert.equal((await bob.ear.next(UNBLOCKED))[0].unblockedBy, tom.id);
  assert.deepEqual((await jerry.ear.next(MEMBERS_UNBLOCKED))[0].members, [bob.id]);
  await seen.join();
  assert.ok(seen.members.includes(bob.id));
});

scene('who is blocked does not unblock themselves', async stage => {
  const [tom, jerry] = await stage.clients('tom', 'jerry');
  const made = await together([tom, jerry]);
  const seen = await seenBy(jerry, made);
  await made.blockMembers([jerry.id]);
  const error = await seen.unblockMembers([jerry.id]).then(() => assert.fail('unblocked'), reason => reason);
  assert.ok([4317, 4320].includes(error.code), `${error.code}`);
});

scene('the blocked are listed page by page', async stage => {
  const tom = await stage.client('tom');
  const members = Array.from({ length: 5 }, () => stage.name('m'));
  const made = await tom.createConversation({ members, unique: false });
  await made.blockMembers(members);
  const pages = await paged(asked => made.queryBlockedMembers(asked), 2);
  assert.deepEqual(pages.map(each => each.length), [2, 2, 1]);
  assert.deepEqual(sorted(pages.flat()), sorted(members));
  assert.deepEqual((await made.queryBlockedMembers({ limit: 0 })).results, []);
});
