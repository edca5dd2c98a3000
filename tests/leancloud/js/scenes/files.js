'use strict';

const assert = require('node:assert/strict');
const { home, scene, seenBy, storage, text, together } = require('../stage');

const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64'
);
const WORDS = Buffer.from('Just words.\n');
/** A second of silence, the least that is a WAV file. */
function silence() {
  const [rate, samples] = [8000, 8000];
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + samples, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36);
  head.writeUInt32LE(samples, 40);
  return Buffer.concat([head, Buffer.alloc(samples, 128)]);
}
/** As much of an MP4 film as it takes to know that it is one. */
function film() {
  const box = (name, ...inside) => {
    const body = Buffer.concat(inside);
    const head = Buffer.alloc(8);
    head.writeUInt32BE(8 + body.length, 0);
    head.write(name, 4);
    return Buffer.concat([head, body]);
  };
  const brand = Buffer.concat([Buffer.from('isom'), Buffer.from([0, 0, 2, 0]), Buffer.from('isomiso2mp41')]);
  return Buffer.concat([box('ftyp', brand), box('free', Buffer.alloc(8)), box('mdat', Buffer.alloc(64, 7))]);
}

/** Save a file as apps do, send it as a message of that kind, and look at it from the other side, live and from history. */
async function sendFile(stage, kind, name, content, type, metaData = {}) {
  const [tom, jerry] = await stage.clients('tom', 'jerry');
  const made = await together([tom, jerry]);
  const file = await new storage.File(name, content, type).save();
  for (const [key, value] of Object.entries(metaData)) file.metaData(key, value);
  assert.equal(typeof file.id, 'string');
  const message = new (home(tom).typed[kind])(file);
  message.setText(`see ${name}`).setAttributes({ of: kind });
  await made.send(message);
  const [live] = await jerry.ear.next(home(jerry).im.Event.MESSAGE);
  const [kept] = await (await seenBy(jerry, made)).queryMessages({ type: message.type });
  for (const got of [live, kept]) {
    assert.ok(got instanceof home(jerry).typed[kind], `${kind}: ${JSON.stringify(got)}`);
    const found = got.getFile();
    assert.deepEqual([got.text, got.attributes, found.name(), found.id], [`see ${name}`, { of: kind }, name, file.id]);
    assert.equal(found.url(), file.url());
    for (const [key, value] of Object.entries(metaData)) assert.equal(found.metaData(key), value);
  }
  const answer = await fetch(live.getFile().url());
  assert.equal(answer.status, 200);
  assert.deepEqual(Buffer.from(await answer.arrayBuffer()), content);
}

scene('a picture is uploaded, sent and seen', stage =>
  sendFile(stage, 'ImageMessage', 'tiny 图.png', PICTURE, 'image/png', { width: 1, height: 1, format: 'png' }));
scene('a sound is uploaded, sent and heard', stage =>
  sendFile(stage, 'AudioMessage', 'silence.wav', silence(), 'audio/wav', { duration: 1.0, size: 8044 }));
scene('a film is uploaded, sent and seen', stage =>
  sendFile(stage, 'VideoMessage', 'film.mp4', film(), 'video/mp4', { duration: 2.5 }));
scene('a file is uploaded, sent and fetched', stage => sendFile(stage, 'FileMessage', 'words.txt', WORDS, 'text/plain'));

scene('a file that lies elsewhere is sent by its address', async stage => {
  const [tom, jerry] = await stage.clients('tom', 'jerry');
  const made = await together([tom, jerry]);
  const file = await storage.File.withURL('far.jpg', 'https://files.example/far.jpg', { width: 7 }).save();
  await made.send(new (home(tom).typed.ImageMessage)(file));
  const [got] = await jerry.ear.next(home(jerry).im.Event.MESSAGE);
  assert.deepEqual([got.getFile().url(), got.getFile().name(), got.getFile().metaData('width')], ['https://files.example/far.jpg', 'far.jpg', 7]);
});

scene('a place is sent and found', async stage => {
  const [tom, jerry] = await stage.clients('tom', 'jerry');
  const made = await together([tom, jerry]);
  const message = new (home(tom).typed.LocationMessage)(new storage.GeoPoint(31.3753285, -120.9664658));
  await made.send(message.setText('meet here').setAttributes({ floor: 2 }));
  const [live] = await jerry.ear.next(home(jerry).im.Event.MESSAGE);
  const [kept] = await made.queryMessages({ type: -5 });
  for (const got of [live, kept]) {
    const { latitude, longitude } = got.getLocation();
    assert.deepEqual([latitude, longitude, got.text, got.attributes], [31.3753285, -120.9664658, 'meet here', { floor: 2 }]);
  }
  await made.send(text(tom, 'after'));
});
