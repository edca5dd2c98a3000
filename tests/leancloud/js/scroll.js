'use strict';

// Somebody logs in with LeanCloud's unmodified SDK, finds all conversations, and scrolls each back to its first message.
// What was seen is written out, a line for each page.

const { Realtime } = require('leancloud-realtime');

const { PARLANCE_BASE: server, PARLANCE_APP: appId, PARLANCE_KEY: appKey, PARLANCE_CLIENT: who } = process.env;

/** The content as it was sent, bytes as base64. */
function content(message) {
  const payload = message.getPayload();
  if (payload instanceof ArrayBuffer || ArrayBuffer.isView(payload)) {
    return { bytes: Buffer.from(payload.buffer || payload).toString('base64') };
  }
  return { said: payload };
}

async function main() {
  const realtime = new Realtime({ appId, appKey, server });
  const client = await realtime.createIMClient(who);
  const found = await client.getQuery().containsMembers([who]).limit(1000).find();
  for (const conversation of found) {
    const iterator = conversation.createMessagesIterator({ limit: 100 });
    for (let more = true; more; ) {
      const { done, value } = await iterator.next();
      more = !done;
      const messages = value.map(each => [each.id, each.from, each.timestamp.getTime(), content(each)]);
      process.stdout.write(`${JSON.stringify({ conversation: conversation.id, name: conversation.name, messages })}\n`);
    }
  }
  await client.close();
}

main().then(
  // What was written may still be on its way through the pipe.
  () => process.stdout.write('', () => process.exit(0)),
  error => {
    console.error(error);
    process.exit(1);
  }
);
