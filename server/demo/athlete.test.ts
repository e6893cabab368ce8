import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openEntry, walk } from '../tracks/archive.ts';
import { cleanTrack } from '../tracks/clean.ts';
import { parseTrackFile } from '../tracks/parse.ts';
import { demoActivities } from './athlete.ts';
import { HOME, REGIONS } from './regions.ts';
import { writeDemoExport } from './write-export.ts';

test('the same seed makes the same athlete, another seed another', () => {
  const made = (seed: number) => JSON.stringify([...demoActivities({ seed, activities: 12 })]);
  assert.equal(made(1), made(1));
  assert.notEqual(made(1), made(2));
});

test('seven years of several sports in three parts of the world', () => {
  const activities = [...demoActivities({ activities: 160 })];
  const sports = new Set(activities.map(({ activity }) => activity.sport));
  assert.ok(sports.size >= 6, [...sports].join());
  const starts = activities.map(({ activity }) => activity.startedAt!);
  assert.ok(starts.at(-1)! - starts[0] > 6.5 * 365 * 86_400);
  const ends = activities.map(({ activity: { lines } }) => lines[0].time.at(-1)!);
  assert.ok(starts.every((start, at) => at === 0 || start > ends[at - 1]));
  for (const { lng, lat } of REGIONS) {
    const here = activities.filter(
      ({ activity: { lines } }) => Math.hypot(lines[0].lng[0] - lng, lines[0].lat[0] - lat) < 1,
    );
    assert.ok(here.length >= 8);
  }
  assert.ok(activities.filter(({ commute }) => commute).length > 10);
  for (const { commute, activity } of activities) {
    const date = new Date((activity.startedAt! + HOME.clock) * 1000);
    if (commute) assert.ok(date.getUTCDay() % 6 > 0 && [7, 8, 16, 17, 18].includes(date.getUTCHours()));
    if (activity.sport === 'NordicSki') assert.equal(date.getUTCMonth(), 1);
  }
  const within = (months: number[]) =>
    starts.filter((start) => months.includes(new Date(start * 1000).getUTCMonth())).length;
  assert.ok(within([5, 6, 7]) > 2 * within([11, 0, 1]));
});

test('its export is read to the last file, and nothing in a track is a jump', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pathglow-demo-'));
  try {
    const path = await writeDemoExport(folder, { activities: 24 });
    const before = await readFile(path);
    assert.equal(await writeDemoExport(folder, { activities: 1 }), path);
    assert.deepEqual(await readFile(path), before, 'what is there stays');
    let tracks = 0;
    for await (const found of walk(path)) {
      if (found.kind !== 'track') continue;
      assert.ok(found.entry.row, found.entry.name);
      for (const raw of await parseTrackFile(openEntry(found.entry.ref))) {
        const track = cleanTrack(raw);
        assert.ok(track.lines.length <= 1, `${found.entry.name}: ${track.lines.length} lines`);
        tracks++;
      }
    }
    assert.equal(tracks, 24);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
