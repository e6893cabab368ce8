import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asksForHelp, type Command, command, UsageError } from './command-line.ts';
import { commandsUntil, usageOf } from './commands.ts';

const commands = commandsUntil(new AbortController().signal);
const isUsage = (message: RegExp) => (error: Error) =>
  error instanceof UsageError && message.test(error.message);

for (const [name, { usage, read }] of Object.entries(commands)) {
  test(`${name} refuses what it does not know, and nothing is begun`, () => {
    for (const word of ['--nonsense', '--nonsense=1', '-x', '--port'])
      assert.throws(() => read([word]), isUsage(/Unknown option/));
    assert.ok(usageOf([{ usage } as Command]).startsWith('usage: npm '));
    const takesNone = ['demo', 'rotate-master-key', 'link', 'rebuild', 'warm', 'migrate'].includes(name);
    if (takesNone) assert.throws(() => read(['word']), isUsage(/what is word to mean/));
    else assert.equal(typeof read(['word']), 'function');
    if (/^(export|backup|restore|strava-webhook)$/.test(name)) {
      assert.throws(() => read([]), isUsage(/missing/));
      assert.throws(() => read(['one', 'two']), isUsage(/what is two to mean/));
    }
  });
}

test('words after -- are names, whatever they begin with', async () => {
  const told: unknown[] = [];
  const { read } = command({
    usage: '',
    operands: { least: 1, most: 2 },
    options: { loud: { type: 'boolean' } },
    run: async (operands, { loud }) => void told.push(operands, loud),
  });
  await read(['--loud', 'one', '--', '--help'])();
  assert.deepEqual(told, [['one', '--help'], true]);
});

test('help is asked for anywhere before --', () => {
  for (const args of [['--help'], ['serve', '-h'], ['backup', 'folder', '--help'], ['help', 'warm']])
    assert.ok(asksForHelp(args), args.join(' '));
  for (const args of [['serve'], ['backup', '--', 'help'], ['export', 'help.zip'], ['export', './-h']])
    assert.ok(!asksForHelp(args), args.join(' '));
});
