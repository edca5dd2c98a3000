'use strict';

// An app with hooks of its own: this process answers them.

const assert = require('node:assert/strict');
const http = require('node:http');
const { APPS, Ear, home, refused, scene, seenBy, text, texts, together } = require('../stage');

/** What the app says to each call, and what it was called with. */
const answers = [];
const told = new Ear({ on: () => {} }, []);

const app = http.createServer((request, response) => {
  const parts = [];
  request.on('data', part => parts.push(part));
  request.on('end', async () => {
    const name = request.url.split('/').pop();
    const body = JSON.parse(Buffer.concat(parts));
    const { status = 200, later = 0, ...answer } = answers.map(each => each(name, body)).find(Boolean) || {};
    if (later) await new Promise(resolve => setTimeout(resolve, later));
    told._take(name, [body]);
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify({ result: answer }));
  });
});
app.listen(Number(process.env.PARLANCE_HOOKS), '127.0.0.1').unref();

const people = (stage, words, app = APPS.hooked) => Promise.all(words.map(word => stage.client(word, { app })));

/** Tom and Jerry in an app that answers `name` so, as far as it is about tom. */
async function pair(stage, name, answer, where = APPS.hooked) {
  const [tom, jerry] = await people(stage, ['tom', 'jerry'], where);
  const made = await together([tom, jerry]);
  answers.push((asked, body) => asked === name && (body.fromPeer || body.initBy) === tom.id && answer(body));
  return { tom, jerry, made, seen: await seenBy(jerry, made), ...home(tom).im.Event };
}

const says = words => JSON.stringify({ _lctype: -1, _lctext: words });

scene('a message that the app does not want is not sent, and its sender is told why', async stage => {
  const { tom, jerry, made, MESSAGE } = await pair(stage, '_messageReceived', body =>
    body.content.includes('forbidden') && { drop: true, code: 77, detail: 'not here' });
  const error = await refused(made.send(text(tom, 'forbidden words')), 4402);
  assert.equal(error.appCode, 77);
  await made.send(text(tom, 'others'));
  assert.equal((await jerry.ear.next(MESSAGE))[0].text, 'others');
  assert.deepEqual(texts(await made.queryMessages()), ['others']);
});

scene('a message is what the app makes of it', async stage => {
  const { tom, jerry, made, seen, MESSAGE } = await pair(stage, '_messageReceived', body =>
    body.content.includes('damn') && { content: says('d***') });
  await made.send(text(tom, 'damn'));
  assert.equal((await jerry.ear.next(MESSAGE))[0].text, 'd***');
  assert.deepEqual(texts(await seen.queryMessages()), ['d***']);
});

scene('an app that does not answer holds nothing up for long', async stage => {
  const { tom, jerry, made, MESSAGE } = await pair(stage, '_messageReceived', body =>
    body.content.includes('slow') ? { later: 5000, drop: true } : { status: 500 }, APPS.hurried);
  await made.send(text(tom, 'slow'));
  await made.send(text(tom, 'broken'));
  assert.deepEqual([(await jerry.ear.next(MESSAGE))[0].text, (await jerry.ear.next(MESSAGE))[0].text], ['slow', 'broken']);
});

scene('an edit that the app does not want is none', async stage => {
  const { tom, made } = await pair(stage, '_messageUpdate', () => ({ drop: true, code: 78 }));
  const sent = await made.send(text(tom, 'one'));
  await refused(made.update(sent, text(tom, 'two')), 4405);
  assert.deepEqual(texts(await made.queryMessages()), ['one']);
});

scene('the app says who may begin conversations, come in, go and change them', async stage => {
  const [tom, jerry] = await people(stage, ['tom', 'jerry']);
  const made = await together([tom, jerry]);
  answers.push((name, body) => body.initBy === tom.id && { reject: true, code: 9, detail: name });
  const error = await refused(tom.createConversation({ members: [jerry.id], unique: false }), 4305);
  assert.equal(error.appCode, 9);
  await refused(made.add([stage.name('bob')]), 4305);
  await refused(made.remove([jerry.id]), 4305);
  const changed = await made.set('topic', 'x').save().then(() => assert.fail('changed'), reason => reason);
  assert.ok([4305, 4306, 4309].includes(changed.code), `${changed.code}`);
});

scene('the app is told what has happened', async stage => {
  const [tom, away] = [(await people(stage, ['tom']))[0], stage.name('away')];
  await told.next('_clientOnline', body => body.peerId === tom.id);
  const made = await tom.createConversation({ members: [away], unique: false });
  const [started] = await told.next('_conversationStarted', body => body.convId === made.id);
  assert.deepEqual([started.initBy, [...started.members].sort()], [tom.id, [away, tom.id].sort()]);
  const sent = await made.send(text(tom, 'anybody?').setMentionList([away]));
  const [message] = await told.next('_messageSent', body => body.msgId === sent.id);
  assert.deepEqual([message.fromPeer, message.convId, JSON.parse(message.content)._lctext], [tom.id, made.id, 'anybody?']);
  const [offline] = await told.next('_receiversOffline', body => body.convId === made.id);
  assert.deepEqual(offline.offlinePeers, [away]);
  await made.add([`${away}-2`]);
  assert.deepEqual((await told.next('_conversationAdded', body => body.convId === made.id))[0].members, [`${away}-2`]);
  await made.remove([`${away}-2`]);
  assert.deepEqual((await told.next('_conversationRemoved', body => body.convId === made.id))[0].members, [`${away}-2`]);
  await tom.close();
  home(tom).clients = [];
  await told.next('_clientOffline', body => body.peerId === tom.id);
});
