'use strict';

const assert = require('node:assert/strict');
const crypto = require('node:crypto');
const { APPS, BASE, SDK, home, refused, scene, seenBy, sorted } = require('../stage');

const { id: app, master } = APPS.signed;
const HOUR = 3600 * 1000;
// The words by which each version asks for the signature of a membership.
const SUFFIX = { create: '', invite: ':invite', kick: ':kick', add: ':invite', remove: ':kick' };

function signed(parts, { at = Date.now(), key = master } = {}, suffix = '') {
  const nonce = crypto.randomBytes(6).toString('hex');
  const words = `${[app, ...parts, at, nonce].join(':')}${suffix}`;
  return { signature: crypto.createHmac('sha1', key).update(words).digest('hex'), timestamp: at, nonce };
}

const conversationParts = (conversation, client, members) =>
  conversation === null ? [client, members.join(':')] : [client, conversation, members.join(':')];

/** What an app's backend computes for its clients. Version 4 hands the first two of a blacklist's the other way round. */
const login = {
  signatureFactory: async client => signed([client, '']),
  conversationSignatureFactory: async (conversation, client, members, action) =>
    signed(conversationParts(conversation, client, members), {}, SUFFIX[action]),
  blacklistSignatureFactory: async (one, two, members, action) => {
    const [conversation, client] = SDK === '4' ? [two, one] : [one, two];
    return signed([client, conversation, members.join(':')], {}, `:${action}`);
  },
};

const enter = (stage, word, changed = {}, more = {}) =>
  stage.client(word, { app: APPS.signed, login: { ...login, ...changed }, ...more });

async function turnedAway(stage, options, code = 4102) {
  const { realtime } = await stage.device({ app: APPS.signed });
  await refused(realtime.createIMClient(stage.name('tom'), options), code);
}

scene('with the signatures that an app computes, everything goes', async stage => {
  const [tom, jerry] = [await enter(stage, 'tom'), await enter(stage, 'jerry')];
  const made = await tom.createConversation({ members: [jerry.id], unique: false });
  const bob = stage.name('bob');
  assert.deepEqual((await made.add([bob, stage.name('amy')])).failures, []);
  assert.deepEqual((await made.remove([bob])).failures, []);
  const seen = await seenBy(jerry, made);
  await seen.quit();
  await seen.join();
  assert.deepEqual((await made.blockMembers([jerry.id])).failures, []);
  assert.deepEqual((await made.unblockMembers([jerry.id])).failures, []);
});

/** What the campus API of this server computes, as an app's own backend hands it on. */
async function issued(...words) {
  const path = ['/im/signature', ...words].map(each => (each.startsWith('/') ? each : encodeURIComponent(each))).join('/');
  const headers = { 'app-id': app, 'app-key': master };
  const { signature, timestamp, nonce } = await (await fetch(new URL(path, BASE), { headers })).json();
  return { signature, timestamp: Number(timestamp), nonce };
}

scene('with the signatures that the campus API computes, people log in, start, bring in and take out', async stage => {
  const word = { create: 'conversation', invite: 'invite', kick: 'kick', add: 'invite', remove: 'kick' };
  const signs = {
    signatureFactory: client => issued('login', app, client),
    conversationSignatureFactory: (conversation, client, members, action) =>
      issued(word[action], app, client, ...(conversation === null ? [] : [conversation]), members.join(':')),
  };
  const [tom, jerry] = [await enter(stage, 'tom', signs), await enter(stage, 'jerry', signs)];
  const made = await tom.createConversation({ members: [jerry.id], unique: false });
  assert.deepEqual((await made.add([stage.name('bob')])).failures, []);
  assert.deepEqual((await made.remove([jerry.id])).failures, []);
  await (await seenBy(jerry, made)).join();
});

scene('a login without a signature, with a wrong one or with an old one is refused', async stage => {
  await turnedAway(stage, {});
  await turnedAway(stage, { signatureFactory: async client => signed([client, ''], { key: 'another' }) });
  await turnedAway(stage, { signatureFactory: async client => signed([`${client}x`, '']) });
  await turnedAway(stage, { signatureFactory: async client => signed([client, ''], { at: Date.now() - 7 * HOUR }) });
});

scene('seconds are taken for what they are, and capital letters too', async stage => {
  await enter(stage, 'tom', { signatureFactory: async client => signed([client, ''], { at: Math.floor(Date.now() / 1000) }) });
  await enter(stage, 'tom', {
    signatureFactory: async client => {
      const found = signed([client, '']);
      return { ...found, signature: found.signature.toUpperCase() };
    },
  });
});

scene('conversations are not started, and nobody is brought in or taken out, without a signature', async stage => {
  const bare = { conversationSignatureFactory: undefined };
  const [tom, jerry] = [await enter(stage, 'tom'), await enter(stage, 'jerry', bare)];
  await refused(jerry.createConversation({ members: [tom.id], unique: false }), 4302);
  const made = await tom.createConversation({ members: [jerry.id], unique: false });
  const seen = await seenBy(jerry, made);
  await refused(seen.add([stage.name('bob')]), 4302);
  await refused(seen.remove([tom.id]), 4302);
  assert.deepEqual(sorted((await tom.getConversation(made.id, true)).members), sorted([tom.id, jerry.id]));
  // Not every SDK signs its own leaving.
  await seen.quit();
  await refused(seen.join(), 4302);
});

scene('a signature is for what it was made for', async stage => {
  const others = async (conversation, client, members, action) =>
    signed(conversationParts(conversation, client, [...members, 'eve'].sort()), {}, SUFFIX[action]);
  const tom = await enter(stage, 'tom', { conversationSignatureFactory: others });
  await refused(tom.createConversation({ members: ['x'], unique: false }), 4302);
});

scene('nobody is blocked without a signature', async stage => {
  const tom = await enter(stage, 'tom', { blacklistSignatureFactory: undefined });
  const jerry = stage.name('jerry');
  const made = await tom.createConversation({ members: [jerry], unique: false });
  await refused(made.blockMembers([jerry]), 4546);
  assert.deepEqual((await made.queryBlockedMembers()).results, []);
});

scene('who comes back shows a token instead of a signature', async stage => {
  let asked = 0;
  const counted = async client => {
    asked += 1;
    return signed([client, '']);
  };
  const tom = await enter(stage, 'tom', { signatureFactory: counted }, { cable: true });
  await home(tom).lose();
  await home(tom).comeBack();
  assert.deepEqual(await tom.ping([tom.id]), [tom.id]);
  assert.equal(asked, 1);
});
