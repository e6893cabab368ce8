import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { gpxFile } from './demo/gpx-writer.ts';
import { recordedOuting } from './testing/track-files.ts';

/** The command line as people run it, on the embedded database. */

let folder: string;
let dataDir: string;
const running = new Set<ChildProcess>();

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pathglow-main-'));
  dataDir = join(folder, 'data');
  await writeFile(join(folder, 'one.gpx'), gpxFile(recordedOuting({ seed: 1 })));
  await writeFile(join(folder, 'two.gpx'), gpxFile(recordedOuting({ seed: 2 })));
  await writeFile(join(folder, 'picture.gpx'), 'not a track');
});
after(async () => {
  for (const child of running) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

interface Command {
  child: ChildProcess;
  out(): string;
  err(): string;
  /** Resolves once standard output has a line like this. */
  line(pattern: RegExp): Promise<string>;
  ended: Promise<number | null>;
}

function pathglow(args: string[], env: NodeJS.ProcessEnv = {}): Command {
  const main = new URL('./main.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [main, ...args], {
    cwd: folder,
    env: { ...process.env, DATABASE_URL: '', DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const ended = once(child, 'close').then(([code]) => {
    running.delete(child);
    return code as number | null;
  });
  const line = async (pattern: RegExp) => {
    for (;;) {
      const found = out.split('\n').find((one) => pattern.test(one));
      if (found !== undefined) return found;
      const more = await Promise.race([once(child.stdout, 'data'), ended.then(() => null)]);
      assert.ok(more !== null, `it ended without ${pattern}:\n${out}\n${err}`);
    }
  };
  return { child, out: () => out, err: () => err, line, ended };
}

const LINK = /^http:\/\/127\.0\.0\.1:\d+\/\?key=[\w-]{43}$/;

async function cookieOf(link: string): Promise<string> {
  const answer = await fetch(link, { redirect: 'manual' });
  return answer.headers.getSetCookie()[0].split(';')[0];
}

async function heat(link: string): Promise<number> {
  const headers = { cookie: await cookieOf(link) };
  for (;;) {
    const answer = await fetch(new URL('/tiles/me/0/0/0.png?hot=2', link), { headers });
    const { byteLength } = await answer.arrayBuffer();
    // a machine that does much at once may be told to wait
    if (answer.status === 503) await sleep(200);
    else {
      assert.equal(answer.status, 200);
      return byteLength;
    }
  }
}

test('it serves, keeps others out of its folder, is handed files, dies, and comes back with everything', async () => {
  const first = pathglow(['serve', join(folder, 'one.gpx')]);
  const link = await first.line(LINK);

  const second = pathglow(['serve']);
  assert.equal(await second.ended, 1);
  assert.match(second.err(), /Another server is using/);

  const handed = pathglow(['import', join(folder, 'two.gpx'), join(folder, 'picture.gpx')]);
  assert.equal(await handed.ended, 0, handed.err());
  assert.match(handed.err(), /Imported 1 of 2 files: 1 new activity, /);
  assert.match(handed.err(), /picture\.gpx: /);
  const again = pathglow(['import', join(folder, 'two.gpx')]);
  assert.equal(await again.ended, 0, again.err());
  assert.match(again.err(), /Imported 1 of 1 files: nothing new, /);
  const none = pathglow(['import', join(folder, 'picture.gpx')]);
  assert.equal(await none.ended, 1, 'no file could be read');
  assert.match(none.err(), /Imported 0 of 1 files: 0 new activities, /);

  // as by Ctrl-Z: whoever asks is not kept waiting for ever
  first.child.kill('SIGSTOP');
  const unanswered = pathglow(['link']);
  assert.equal(await unanswered.ended, 1);
  assert.match(unanswered.err(), /does not answer at .* It may still do what it was asked\./);
  first.child.kill('SIGCONT');

  const warmed = pathglow(['warm', '--zooms', '2-5,7', '--sizes', '256']);
  assert.equal(await warmed.ended, 0, warmed.err());
  assert.match(warmed.err(), /^Warmed [1-9]\d* tiles: \d+ drawn, \d+ were there, 0 failed\.\n$/);

  const printed = pathglow(['link']);
  assert.equal(await printed.ended, 0);
  assert.match(printed.out().trim(), LINK);
  const before = await heat(link);
  assert.ok(before > 500);

  // as by a power cut: PostgreSQL stays behind without its owner
  first.child.kill('SIGKILL');
  await first.ended;
  const leftover = Number((await readFile(join(dataDir, 'database/postmaster.pid'), 'utf8')).split('\n')[0]);
  process.kill(leftover, 0);

  const third = pathglow(['serve']);
  assert.equal(await heat(await third.line(LINK)), before);
  third.child.kill('SIGINT');
  assert.equal(await third.ended, 0, third.err());
  await assert.rejects(readFile(join(dataDir, 'database/postmaster.pid')), 'PostgreSQL is stopped');
  assert.equal(third.err(), '');
});

test('without a server files are imported and tiles drawn all the same, and there is no link to print', async () => {
  const alone = pathglow(['import', join(folder, 'one.gpx')]);
  assert.equal(await alone.ended, 0, alone.err());
  const warmed = pathglow(['warm', '--zooms', '3-9', '--limit', '3']);
  assert.equal(await warmed.ended, 0, warmed.err());
  assert.match(warmed.err(), /^Warmed 3 tiles: /);
  const link = pathglow(['link']);
  assert.equal(await link.ended, 1);
  assert.match(link.err(), /not running/);
});

test('backup and export work beside a running server, and a backup fills an empty folder', async () => {
  const serving = pathglow(['serve', join(folder, 'one.gpx')]);
  const before = await heat(await serving.line(LINK));
  for (const args of [
    ['backup', join(folder, 'backup')],
    ['export', join(folder, 'all.zip')],
  ]) {
    const command = pathglow(args);
    assert.equal(await command.ended, 0, command.err());
  }
  const zip = await readFile(join(folder, 'all.zip'));
  assert.ok(zip.includes('activities.json'));
  const over = pathglow(['export', join(folder, 'all.zip')]);
  assert.equal(await over.ended, 1);
  const busy = pathglow(['restore', join(folder, 'backup')]);
  assert.equal(await busy.ended, 1);
  assert.match(busy.err(), /Another server is using/);
  serving.child.kill('SIGINT');
  await serving.ended;

  const elsewhere = join(folder, 'elsewhere');
  const keyless = pathglow(['restore', join(folder, 'backup')], { DATA_DIR: elsewhere });
  assert.equal(await keyless.ended, 1);
  assert.match(keyless.err(), /master key is missing/);
  const key = (await readFile(join(dataDir, 'master.key'), 'utf8')).trim();
  const env = { DATA_DIR: elsewhere, PATHGLOW_MASTER_KEY: key };
  const restoring = pathglow(['restore', join(folder, 'backup')], env);
  assert.equal(await restoring.ended, 0, restoring.err());
  const restored = pathglow(['serve'], env);
  assert.equal(await heat(await restored.line(LINK)), before);
  restored.child.kill('SIGINT');
  await restored.ended;
});

test('mistakes are told in a line, before anything is made', async () => {
  for (const [args, env, message, code] of [
    [['serve', 'nowhere.gpx'], {}, /there is no such file: nowhere\.gpx/, 2],
    [['fly'], {}, /there is no command fly/, 2],
    [['import'], {}, /usage:/, 2],
    [['serve', '--port'], {}, /Unknown option '--port'/, 2],
    [['demo', '--strava', '--port', '1'], {}, /Unknown option '--port'[\s\S]*demo -- --strava/, 2],
    [['strava-webhook', 'change'], {}, /takes create, show, delete/, 2],
    [['warm', '--zooms', '3-21'], {}, /--zooms are such as 3-14/, 2],
    [['warm', '--box', '1,2,3'], {}, /--box is west,south,east,north/, 2],
    [['serve'], { HOST: '0.0.0.0' }, /OWNER_PASSWORD/, 1],
    [['serve'], { PORT: 'x', LOG_LEVEL: 'loud' }, /PORT: .*\n.*LOG_LEVEL: /, 1],
    [['serve'], { PATHGLOW_MASTER_KEY: '1'.repeat(64) }, /another master key/, 1],
  ] as [string[], NodeJS.ProcessEnv, RegExp, number][]) {
    const { ended, err } = pathglow(args, env);
    assert.equal(await ended, code, err());
    assert.match(err(), message);
    assert.ok(!/\n\s+at /.test(err()), 'no stack');
  }
});

test('asked for help, a command says how it is called and does nothing else', async () => {
  const DATA_DIR = join(folder, 'untouched');
  for (const [args, tells] of [
    [['--help'], /npm start.*[\s\S]* migrate /],
    [['rotate-master-key', '--help'], /^usage: npm run pathglow -- rotate-master-key .*\n\n/],
    [['help', 'backup'], /^usage: npm run pathglow -- backup FOLDER /],
  ] as [string[], RegExp][]) {
    const asked = pathglow(args, { DATA_DIR });
    assert.equal(await asked.ended, 0, asked.err());
    assert.match(asked.out(), tells);
  }
  await assert.rejects(stat(DATA_DIR));
});
