'use strict';

const assert = require('node:assert/strict');
const { SDK, home, refused, scene, seenBy, sorted, text, together } = require('../stage');

const DAY = 86400000;
const START = Date.parse('2026-01-01T00:00:00Z');

/** A shelf of conversations with numbers, words, lists and times on them. */
async function shelf(stage) {
  const tom = await stage.client('tom');
  const shelf = stage.name('shelf');
  const friend = stage.name('friend');
  const rows = [
    { n: 1, name: 'alpha one', tags: ['red'], attr: { kind: 'a', level: 1 } },
    { n: 2, name: 'Beta two', tags: ['red', 'green'], attr: { kind: 'b', level: 2 } },
    { n: 3, name: 'gamma (three)', tags: ['blue'], attr: { kind: 'a', level: 3 }, extra: 'yes' },
    { n: 4, name: 'alpha \\E four', tags: ['red', 'blue', 'green'], attr: { kind: 'c', level: 4 } },
    { n: 5, name: 'line\nbreak five', tags: [], attr: { kind: 'b', level: 5 }, extra: 'no' },
  ];
  const made = [];
  for (const { n, ...more } of rows) {
    const members = n > 3 ? [friend, stage.name('third')] : [friend];
    made.push(await tom.createConversation({ members, unique: false, shelf, n, when: new Date(START + n * DAY), ...more }));
  }
  const query = () => tom.getQuery().equalTo('shelf', shelf);
  const found = async (change, order = 'n') => {
    const asked = query().ascending(order);
    change(asked);
    return (await asked.find()).map(each => each.get('n'));
  };
  return { tom, shelf, friend, made, query, found };
}

scene('numbers, words and times are compared', async stage => {
  const { found } = await shelf(stage);
  assert.deepEqual(await found(each => each.equalTo('n', 3)), [3]);
  assert.deepEqual(await found(each => each.notEqualTo('n', 3)), [1, 2, 4, 5]);
  assert.deepEqual(await found(each => each.lessThan('n', 3)), [1, 2]);
  assert.deepEqual(await found(each => each.lessThanOrEqualTo('n', 3)), [1, 2, 3]);
  assert.deepEqual(await found(each => each.greaterThan('n', 3)), [4, 5]);
  assert.deepEqual(await found(each => each.greaterThanOrEqualTo('n', 3)), [3, 4, 5]);
  assert.deepEqual(await found(each => each.greaterThan('n', 1).lessThan('n', 4)), [2, 3]);
  assert.deepEqual(await found(each => each.greaterThan('when', new Date(START + 4 * DAY))), [5]);
  assert.deepEqual(await found(each => each.equalTo('when', new Date(START + 2 * DAY))), [2]);
  assert.deepEqual(await found(each => each.equalTo('name', 'alpha one')), [1]);
});

scene('attributes are found by their path', async stage => {
  const { found } = await shelf(stage);
  assert.deepEqual(await found(each => each.equalTo('attr.kind', 'a')), [1, 3]);
  assert.deepEqual(await found(each => each.greaterThan('attr.level', 3)), [4, 5]);
  assert.deepEqual(await found(each => each.equalTo('attr', { kind: 'b', level: 2 })), [2]);
});

scene('what is there and what is not is told apart', async stage => {
  const { found } = await shelf(stage);
  assert.deepEqual(await found(each => each.exists('extra')), [3, 5]);
  assert.deepEqual(await found(each => each.doesNotExist('extra')), [1, 2, 4]);
  assert.deepEqual(await found(each => each.doesNotExist('extra').lessThan('n', 3)), [1, 2]);
  assert.deepEqual(await found(each => each.notEqualTo('extra', 'yes')), [1, 2, 4, 5]);
});

scene('lists contain one, some, all, so many', async stage => {
  const { found, friend } = await shelf(stage);
  assert.deepEqual(await found(each => each.equalTo('tags', 'red')), [1, 2, 4]);
  assert.deepEqual(await found(each => each.containedIn('n', [2, 5, 9])), [2, 5]);
  assert.deepEqual(await found(each => each.notContainsIn('n', [2, 5, 9])), [1, 3, 4]);
  assert.deepEqual(await found(each => each.containedIn('tags', ['blue', 'green'])), [2, 3, 4]);
  assert.deepEqual(await found(each => each.containsAll('tags', ['red', 'green'])), [2, 4]);
  assert.deepEqual(await found(each => each.sizeEqualTo('tags', 2)), [2]);
  assert.deepEqual(await found(each => each.containsMembers([friend])), [1, 2, 3, 4, 5]);
  assert.deepEqual(await found(each => each.withMembers([friend], true)), [1, 2, 3]);
  assert.deepEqual(await found(each => each.containsMembers([stage.name('nobody')])), []);
});

scene('words are found by what is in them, whatever they are made of', async stage => {
  const { found } = await shelf(stage);
  assert.deepEqual(await found(each => each.contains('name', '(three)')), [3]);
  assert.deepEqual(await found(each => each.contains('name', 'a \\E f')), [4]);
  assert.deepEqual(await found(each => each.startsWith('name', 'alpha')), [1, 4]);
  assert.deepEqual(await found(each => each.endsWith('name', 'two')), [2]);
  assert.deepEqual(await found(each => each.contains('name', '.')), []);
  assert.deepEqual(await found(each => each.matches('name', /^beta/i)), [2]);
  assert.deepEqual(await found(each => each.matches('name', /^beta/)), []);
  assert.deepEqual(await found(each => each.matches('name', /^break/m)), [5]);
  assert.deepEqual(await found(each => each.matches('name', /^(alpha|gamma)\b.*[e)]$/)), [1, 3]);
});

scene('an expression that is none is refused, and one that never ends does not hurt', async stage => {
  const { tom, shelf: which, query } = await shelf(stage);
  await refused(query().matches('name', '(').find(), 4310);
  await tom.createConversation({ members: [], unique: false, shelf: which, n: 6, name: `${'a'.repeat(40)}!` });
  const started = Date.now();
  await query().matches('name', /^(a+)+$/).find().catch(error => assert.equal(error.code, 4310));
  assert.ok(Date.now() - started < 6000);
  assert.equal((await query().find()).length, 6);
});

scene('answers come in the order that was asked for, page by page', async stage => {
  const { query, found, made } = await shelf(stage);
  const numbers = async asked => (await asked.find()).map(each => each.get('n'));
  assert.deepEqual(await numbers(query().descending('n')), [5, 4, 3, 2, 1]);
  assert.deepEqual(await numbers(query().ascending('n').limit(2)), [1, 2]);
  assert.deepEqual(await numbers(query().ascending('n').limit(2).skip(3)), [4, 5]);
  assert.deepEqual(await numbers(query().ascending('n').limit(0)), []);
  assert.deepEqual(await numbers(query().ascending('createdAt')), [1, 2, 3, 4, 5]);
  assert.deepEqual(await numbers(query().descending('createdAt').limit(1)), [5]);
  assert.deepEqual(await numbers(query().ascending('attr.kind').addDescending('n')), [3, 1, 5, 2, 4]);
  assert.deepEqual(await found(each => each.greaterThan('createdAt', made[2].createdAt)), [4, 5]);
  assert.deepEqual(await numbers(query().containedIn('objectId', [made[0].id, made[4].id]).descending('n')), [5, 1]);
});

scene('members and the last message come or stay away, as one likes', async stage => {
  const { tom, friend, query, made } = await shelf(stage);
  await made[0].send(text(tom, 'the last word'));
  const tablet = await stage.client('tom', { as: tom.id });
  const ask = change => change(tablet.getQuery().equalTo('objectId', made[0].id)).find();
  const [compact] = await ask(each => each.compact());
  assert.deepEqual(compact.members, []);
  assert.ok(!compact.lastMessage);
  const [whole] = await ask(each => each.withLastMessagesRefreshed());
  assert.deepEqual(sorted(whole.members), sorted([tom.id, friend]));
  assert.deepEqual([whole.lastMessage.text, whole.lastMessage.from], ['the last word', tom.id]);
  assert.equal(whole.lastMessageAt.getTime(), made[0].lastMessage.timestamp.getTime());
  const both = await query().withLastMessagesRefreshed().compact().find();
  assert.equal(both.length, 5);
});

scene('without a condition one sees one\'s own, the latest first', async stage => {
  const [tom, jerry, bob] = await stage.clients('tom', 'jerry', 'bob');
  const [one, two] = [await together([tom, jerry]), await together([tom, bob])];
  await together([jerry, bob]);
  await two.send(text(tom, 'earlier'));
  await one.send(text(tom, 'later'));
  const found = await tom.getQuery().find();
  assert.deepEqual(found.map(each => each.id), [one.id, two.id]);
});

scene('whoever asks for one by its id sees it, member or not', async stage => {
  const [tom, eve] = await stage.clients('tom', 'eve');
  const made = await tom.createConversation({ members: [], unique: false, name: 'seen' });
  assert.equal((await seenBy(eve, made)).name, 'seen');
});

scene('many are asked for at once, and those there are are found', async stage => {
  const { made } = await shelf(stage);
  const eve = await stage.client('eve');
  const found = await eve.getConversations([...made.map(each => each.id), '0123456789abcdef01234567']);
  assert.deepEqual(found.map(each => each && each.id), [...made.map(each => each.id), null]);
});

if (SDK === '5') {
  scene('conditions are joined by and, and by or', async stage => {
    const { tom, shelf: which } = await shelf(stage);
    const { ConversationQuery } = home(tom).im;
    const base = () => tom.getQuery().equalTo('shelf', which);
    const numbers = async asked => sorted((await asked.find()).map(each => each.get('n')));
    const either = ConversationQuery.or(base().lessThan('n', 2), base().greaterThan('n', 4));
    assert.deepEqual(await numbers(either), [1, 5]);
    const both = ConversationQuery.and(base().equalTo('tags', 'red'), base().equalTo('attr.kind', 'c'));
    assert.deepEqual(await numbers(both), [4]);
  });
}
