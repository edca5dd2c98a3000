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
