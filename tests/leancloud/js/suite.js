'use strict';

// Every scene, several at a time, in one process.

const { describe, after } = require('node:test');

const SCENES = [
  'route', 'sessions', 'signatures', 'conversations', 'roles', 'queries', 'messages', 'files', 'receipts', 'history', 'patches', 'reconnecting', 'company', 'hooks',
];
const only = process.env.PARLANCE_SCENES;
const concurrency = Number(process.env.PARLANCE_AT_ONCE || 10);

// What the SDK tells developers on the console is not what is tried here.
console.warn = () => {};

describe('scenes', { concurrency }, () => {
  for (const each of only ? only.split(',') : SCENES) require(`./scenes/${each}`);
});

// Timers of a client that was refused for good must not keep the process.
after(() => setTimeout(() => process.exit(process.exitCode), 200).unref());
