'use strict';

// One line of JSON for each test: its sentence, whether it holds, how long it took, and what was wrong.

const { inspect } = require('node:util');

module.exports = async function* report(events) {
  for await (const { type, data } of events) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const { name, details, skip } = data;
    if (details.type === 'suite' && type === 'test:pass') continue;
    const cause = details.error && (details.error.cause || details.error);
    const error = type === 'test:fail' ? inspect(cause, { depth: 4 }) : undefined;
    yield `${JSON.stringify({ name, holds: type === 'test:pass', skip, suite: details.type === 'suite', ms: details.duration_ms, error })}\n`;
  }
};
