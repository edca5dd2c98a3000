'use strict';

const assert = require('node:assert/strict');
const { APPS, BASE, HELPERS, SECURE, home, refused, scene } = require('../stage');

const socket = `${SECURE ? 'wss' : 'ws'}://${BASE.host}`;

async function route(path = '/v1/route', options = {}) {
  return fetch(`${BASE.origin}${path}?appId=${APPS.plain.id}&secure=${SECURE}&_t=${Date.now()}`, options);
}

scene('the router names the address that it was asked at, as a socket, twice', async () => {
  const answer = await route();
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get('content-type'), /^application\/json/);
  const found = await answer.json();
  for (const each of [found.server, found.secondary, found.groupUrl]) {
    assert.ok(each === socket || each.startsWith(`${socket}/`), each);
  }
  assert.equal(typeof found.ttl, 'number');
});

scene('a server address that ends with a slash reaches the router all the same', async () => {
  assert.equal((await route('//v1/route')).status, 200);
});

scene('pages from anywhere may ask the router', async () => {
  assert.equal((await route('/v1/route', { headers: { Origin: 'https://app.example' } })).headers.get('access-control-allow-origin'), '*');
});

scene('pages from anywhere may ask the helpers, with the headers that the SDKs send', async () => {
  const wanted = 'X-LC-Id,X-LC-Key,X-LC-Sign,X-LC-Session,X-LC-Prod,X-LC-UA,X-LC-IM-Session-Token,Content-Type';
  const answer = await fetch(`${BASE.origin}/1.1/rtm/notifications`, {
    method: 'OPTIONS',
    headers: { Origin: 'https://app.example', 'Access-Control-Request-Method': 'GET', 'Access-Control-Request-Headers': wanted },
  });
  assert.ok(answer.ok, `${answer.status}`);
  assert.equal(answer.headers.get('access-control-allow-origin'), '*');
  const allowed = answer.headers.get('access-control-allow-headers').toLowerCase().split(/, */);
  for (const each of wanted.toLowerCase().split(',')) assert.ok(allowed.includes(each), each);
});

scene('pages from anywhere may upload files, with the headers that the storage SDK sends', async () => {
  const asked = await fetch(`${BASE.origin}/1.1/fileTokens`, {
    method: 'POST',
    headers: { Origin: 'https://app.example', 'X-LC-Id': APPS.plain.id, 'X-LC-Key': APPS.plain.key, 'Content-Type': 'application/json' },
    body: JSON.stringify({ name: 'a.txt', mime_type: 'text/plain' }),
  });
  const { upload_url: address } = await asked.json();
  const wanted = { 'Access-Control-Request-Method': 'PUT', 'Access-Control-Request-Headers': 'cache-control,content-type' };
  const answer = await fetch(address, { method: 'OPTIONS', headers: { Origin: 'https://app.example', ...wanted } });
  assert.equal(answer.headers.get('access-control-allow-origin'), '*');
  assert.match(answer.headers.get('access-control-allow-methods'), /PUT/);
  const allowed = answer.headers.get('access-control-allow-headers').toLowerCase().split(/, */);
  for (const each of ['cache-control', 'content-type']) assert.ok(allowed.includes(each), each);
});

scene('a token that is no good is refused in the words that the SDKs look for, and a page may read them', async () => {
  const answer = await fetch(`${BASE.origin}/1.1/rtm/notifications?client_id=tom&start_ts=0&notification_type=permanent`, {
    headers: {
      Origin: 'https://app.example',
      'X-LC-Id': APPS.plain.id,
      'X-LC-Key': APPS.plain.key,
      'X-LC-IM-Session-Token': 'no-such-token',
    },
  });
  assert.deepEqual([answer.status, answer.headers.get('access-control-allow-origin')], [401, '*']);
  assert.deepEqual(await answer.json(), { code: 4112, error: 'SESSION_TOKEN_EXPIRED' });
});

scene("what is LeanCloud's storage and not chat is not found, in LeanCloud's words, even for a page elsewhere", async () => {
  const answer = await fetch(`${BASE.origin}/1.1/classes/Todo`, {
    headers: { Origin: 'https://app.example', 'X-LC-Id': APPS.plain.id, 'X-LC-Key': APPS.plain.key },
  });
  assert.equal(answer.status, 404);
  assert.equal(answer.headers.get('access-control-allow-origin'), '*');
  const found = await answer.json();
  assert.equal(typeof found.code, 'number');
  assert.equal(typeof found.error, 'string');
});

if (HELPERS) {
  scene('the router and the API may be named one by one', async stage => {
    const server = { RTMRouter: home(await stage.client()).realtime._options.server };
    server.api = server.RTMRouter;
    const client = await stage.client('split', { server });
    assert.deepEqual(await client.ping([client.id]), [client.id]);
  });
}

scene('a socket may be opened at any path', async stage => {
  const client = await stage.client('deep', { RTMServers: [`${socket}/some/path?and=more`] });
  assert.deepEqual(await client.ping([client.id]), [client.id]);
});

scene('an app that there is not is told so', async stage => {
  const nobody = await stage.device({ app: { id: stage.name('no-app'), key: 'k' }, RTMServers: [socket] });
  await refused(nobody.realtime.createIMClient('tom'), 4100);
});
