import assert from 'node:assert/strict';
import { test } from 'node:test';
import FitParser from 'fit-file-parser';
import { type FitOptions, fitFile } from '../demo/fit-writer.ts';
import { recordedOuting } from '../testing/track-files.ts';
import { FitReader } from './fit.ts';
import { LIMITS } from './limits.ts';
import { type RawActivity, TrackFileError } from './recording.ts';

const outing = recordedOuting({ points: 60 });

test('positions, times and altitudes are those that another reader finds', async () => {
  for (const options of [{}, { bigEndian: true }, { header: 12 }] satisfies FitOptions[]) {
    const file = fitFile(outing, options);
    const content = new Uint8Array(file).buffer;
    const theirs = await new FitParser({ lengthUnit: 'm' }).parseAsync(content);
    const [{ lines }] = read(file);
    assert.equal(theirs.records!.length, 60);
    theirs.records!.forEach((record, at) => {
      assert.ok(Math.abs(record.position_lat! - lines[0].lat[at]) < 1e-9);
      assert.ok(Math.abs(record.position_long! - lines[0].lng[at]) < 1e-9);
      assert.equal(new Date(record.timestamp!).getTime() / 1000, lines[0].time[at]);
      assert.ok(Math.abs(record.altitude! - lines[0].altitude[at]) < 1e-6);
    });
  }
});

test('byte order, developer fields, compressed times and header sizes make no difference', () => {
  const plain = read(fitFile(outing));
  const others: FitOptions[] = [
    { bigEndian: true },
    { developerFields: true },
    { compressedTimes: true },
    { bigEndian: true, compressedTimes: true, header: 12 },
  ];
  for (const options of others) assert.deepEqual(read(fitFile(outing, options)), plain);
});

test('invalid positions are none, either coordinate alone too', () => {
  const line = structuredClone(outing.lines[0]);
  line.lat[3] = Number.NaN;
  line.lng[4] = Number.NaN;
  const [{ lines }] = read(fitFile({ ...outing, lines: [line] }));
  assert.ok(Number.isNaN(lines[0].lat[3]) && Number.isNaN(lines[0].lng[4]));
  assert.ok(!Number.isNaN(lines[0].lat[5]) && lines[0].lat.length === 60);
});

test('a device without power leaves no length and no session: its records are kept', () => {
  for (const length of [0, 0xffffffff, 1_000_000]) {
    const [activity] = read(fitFile(outing, { length, sessions: false }).subarray(0, -5));
    assert.equal(activity.lines[0].lat.length, 59);
    assert.equal(activity.startedAt, outing.startedAt);
    assert.deepEqual(activity.notes, ['truncated']);
  }
});

test('several files in one are several activities, and a broken one does not cost the one before', () => {
  const next = recordedOuting({ seed: 2, points: 40, sport: 'Run' });
  const chained = Buffer.concat([fitFile(outing), fitFile(next)]);
  assert.deepEqual(read(chained), [...read(fitFile(outing)), ...read(fitFile(next))]);
  const broken = read(Buffer.concat([fitFile(outing), Buffer.alloc(100, 7)]));
  assert.equal(broken[0].lines[0].lat.length, 60);
  assert.deepEqual(broken[0].notes, ['damaged_part']);
  const padded = read(Buffer.concat([fitFile(outing), Buffer.alloc(100)]));
  assert.deepEqual(padded[0].notes, []);
});

test('other files of a watch are no activities; times since it was switched on are no dates', () => {
  const nothing = { ...outing, lines: [] };
  assert.throws(() => read(fitFile(nothing, { fileType: 32, sessions: false })), { code: 'not_an_activity' });
  assert.throws(() => read(fitFile(nothing, { sessions: false })), { code: 'malformed_fit' });
  const [indoors] = read(fitFile(nothing));
  assert.deepEqual(indoors.lines, []);
  assert.equal(indoors.startedAt, outing.startedAt);
  const line = { ...outing.lines[0], time: outing.lines[0].time.map((_, at) => 631_065_600 + at) };
  const [unset] = read(fitFile({ ...outing, lines: [line] }, { sessions: false }));
  assert.ok(unset.lines[0].time.every(Number.isNaN));
  assert.equal(unset.startedAt, null);
});

test('nonsense is malformed_fit', () => {
  const header = fitFile(outing).subarray(0, 14);
  for (const bytes of [header, header.subarray(0, 12), Buffer.concat([header, Buffer.alloc(500, 0x0f)])]) {
    assert.throws(
      () => read(bytes),
      (error) => error instanceof TrackFileError && error.code === 'malformed_fit',
    );
  }
});

function read(bytes: Uint8Array): RawActivity[] {
  const reader = new FitReader(LIMITS);
  reader.write(bytes);
  return reader.end();
}
