// Drives RongCloud's own server SDK against the address it is given: reads one line of JSON for each call, writes
// one line with what the SDK made of the answer. The SDK is as it was published; its option `api` says where to ask.
const readline = require('readline');
const RongSDK = require('rongcloud-sdk');

// The SDK logs what went wrong to the standard output, where our answers go.
console.log = console.info = console.warn = (...words) => console.error(...words);

const [key, secret, ...api] = process.argv.slice(2);
const sdk = RongSDK({ appkey: key, secret: secret, api: api });

async function called(line) {
  const { call, args } = JSON.parse(line);
  let at = sdk;
  for (const name of call.split('.')) {
    at = at[name];
  }
  try {
    return { answer: await at(...args) };
  } catch (error) {
    return { refused: error };
  }
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    process.stdout.write(JSON.stringify(await called(line)) + '\n');
  }
})();
