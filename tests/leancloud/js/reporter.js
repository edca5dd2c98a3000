'use strict';

// One line of JSON for each test: its sentence, whether it holds, how long it took, and what was wrong.

/** What was wrong, and where in the scenes. */
function words(error) {
  const cause = error.cause instanceof Error ? error.cause : error;
  const [, ...path] = String(cause.stack).split('\n');
  const where = path.filter(line => /js\/(scenes|stage|suite)/.test(line));
  const code = cause.code === undefined ? '' : ` (code ${cause.code})`;
  return [`${cause.message}${code}`, ...(where.length ? where : path)].join('\n');
}

module.exports = async function* report(events) {
  for await (const { type, data } of events) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const { name, details, skip } = data;
    if (details.type === 'suite' && type === 'test:pass') continue;
    const error = type === 'test:fail' ? words(details.error) : undefined;
    yield `${JSON.stringify({ name, holds: type === 'test:pass', skip, suite: details.type === 'suite', ms: details.duration_ms, error })}\n`;
  }
};
