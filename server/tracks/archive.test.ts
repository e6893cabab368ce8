import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { activitiesCsv, type Exported, exportMembers, exportZip } from '../demo/export-writer.ts';
import { fitFile } from '../demo/fit-writer.ts';
import { gpxFile } from '../demo/gpx-writer.ts';
import { tcxFile } from '../demo/tcx-writer.ts';
import { type ZipMember, zipFile } from '../demo/zip-writer.ts';
import fc from '../testing/fast-check.ts';
import { recordedOuting } from '../testing/track-files.ts';
import { type Found, openEntry, WALK_LIMITS, type WalkOptions, walk } from './archive.ts';
import { parseTrackFile } from './parse.ts';
import { TrackFileError } from './recording.ts';
import type { OpenSource } from './source.ts';

const outing = recordedOuting({ points: 20 });
const gpx = gpxFile(outing);
const fit = fitFile(outing);
const picture = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46]);

const exported: Exported[] = [
  { activity: outing, activityId: '101', commute: true },
  { activity: recordedOuting({ points: 20, seed: 2, sport: 'Run' }), activityId: '102', format: 'tcx.gz' },
  { activity: recordedOuting({ points: 20, seed: 3, sport: 'Hike' }), activityId: '103', format: 'gpx' },
  { activity: recordedOuting({ seed: 4, sport: 'Yoga' }), activityId: '104', manual: true },
];

const root = await mkdtemp(join(tmpdir(), 'tracks-test-'));
after(() => rm(root, { recursive: true, force: true }));
let folders = 0;

test('a file alone, gzipped or not, whatever it is called', async () => {
  for (const [name, bytes] of [
    ['a.gpx', gpx],
    ['b.FIT.gz', gzipSync(fit)],
    ['no name at all', tcxFile(outing)],
  ] as const) {
    const [found, ...others] = await walked(await file(name, bytes));
    assert.equal(others.length, 0);
    assert.deepEqual(await read(found), { name, points: 20, notes: [] });
  }
});

test('a zip file: recordings by their name or their first bytes, the rest passed over', async () => {
  const zip = zipFile([
    { name: 'rides/', bytes: Buffer.alloc(0), stored: true },
    { name: 'rides/a.gpx', bytes: gpx },
    { name: 'rides/b.fit', bytes: fit, stored: true },
    { name: 'rides/without extension', bytes: fit },
    { name: 'rides/track.xml', bytes: tcxFile(outing) },
    { name: 'rides/other.xml', bytes: Buffer.from('<plist/>') },
    { name: 'notes', bytes: Buffer.from('some words') },
    { name: 'photo.jpg', bytes: picture },
    { name: 'photo.gpx', bytes: picture },
    { name: 'nothing.tcx', bytes: Buffer.alloc(0) },
    { name: '__MACOSX/rides/._a.gpx', bytes: Buffer.from('mac') },
    { name: 'rides/.DS_Store', bytes: Buffer.from('mac') },
    { name: 'link.gpx', bytes: Buffer.from('/etc/passwd'), symlink: true },
  ]);
  const found = await walked(await file('some.zip', zip));
  assert.deepEqual(await readAll(found), [
    { name: 'rides/a.gpx', points: 20, notes: [] },
    { name: 'rides/b.fit', points: 20, notes: [] },
    { name: 'rides/without extension', points: 20, notes: [] },
    { name: 'rides/track.xml', points: 20, notes: [] },
    { name: 'photo.gpx', code: 'unknown_format' },
    { name: 'nothing.tcx', code: 'empty_file' },
  ]);
});

test('archives in archives are opened once, stored or deflated; deeper ones fail', async () => {
  const inner = zipFile([{ name: 'UploadedFiles/1.fit', bytes: fit }]);
  const deep = zipFile([{ name: 'deep.zip', bytes: inner }]);
  const zip = zipFile([
    { name: 'Part1.zip', bytes: inner, stored: true },
    { name: 'Part2.zip', bytes: inner },
    { name: 'Part3.zip', bytes: deep, stored: true },
    { name: 'Part4.zip', bytes: deep },
    { name: 'Part5.zip', bytes: picture },
  ]);
  for (const path of [await file('garmin.zip', zip), dirname(await file('garmin.zip', zip))]) {
    const found = await walked(path);
    const names = path.endsWith('.zip') ? '' : 'garmin.zip/';
    assert.deepEqual(await readAll(found), [
      { name: `${names}Part1.zip/UploadedFiles/1.fit`, points: 20, notes: [] },
      { name: `${names}Part2.zip/UploadedFiles/1.fit`, points: 20, notes: [] },
      { name: `${names}Part3.zip/deep.zip`, code: 'too_deep' },
      { name: `${names}Part4.zip/deep.zip`, code: 'too_deep' },
      { name: `${names}Part5.zip`, code: 'malformed_zip' },
    ]);
  }
});

test('a Strava export, packed or unpacked, at the top or in a folder: rows join their files, nothing private is read', async () => {
  const members = exportMembers(exported, 'de');
  const inFolder = members.map((member) => ({ ...member, name: `export_1/${member.name}` }));
  const paths = [
    await file('export_1.zip', exportZip(exported)),
    await file('wrapped.zip', zipFile(inFolder)),
    await folder(members),
    await folder(inFolder),
    join(await folder(members), 'activities.csv'),
    await file('both.zip', zipFile([{ name: 'export_1.zip', bytes: exportZip(exported), stored: true }])),
  ];
  for (const path of paths) {
    const found = await walked(path);
    const rows = found.map((one) =>
      one.kind === 'track' ? one.entry.row : one.kind === 'manual' ? one.row : undefined,
    );
    assert.deepEqual(
      rows.map((row) => row?.activityId),
      ['101', '102', '103', '104'],
      path,
    );
    assert.deepEqual(
      found.map(({ kind }) => kind),
      ['track', 'track', 'track', 'manual'],
    );
    assert.equal(rows[0]!.commute, true);
    for (const one of found) if (one.kind === 'track') assert.equal((await read(one)).points, 20);
  }
});

test('rows without their files fail one by one; files without a row are found; an unpacked .gz is its file', async () => {
  const list = { name: 'activities.csv', bytes: activitiesCsv(exported) };
  for (const path of [await file('activities.csv', list.bytes), await file('list.zip', zipFile([list]))]) {
    const found = await walked(path);
    assert.deepEqual(
      found.map((one) => (one.kind === 'failed' ? one.code : one.kind)),
      ['missing_file', 'missing_file', 'missing_file', 'manual'],
    );
  }
  const some = await folder([
    list,
    { name: 'activities/202.fit', bytes: fit },
    { name: 'activities/999.gpx', bytes: gpx },
  ]);
  const found = await walked(some);
  assert.deepEqual(
    found.map((one) => (one.kind === 'track' ? [one.entry.name, one.entry.row?.activityId] : one.kind)),
    [['activities/202.fit', '101'], 'failed', 'failed', 'manual', ['activities/999.gpx', undefined]],
  );
});

test('recordings that lie beside the list of an export are found as well; what the export keeps there is not', async () => {
  const beside = [
    { name: 'activities.csv', bytes: activitiesCsv(exported) },
    { name: 'good.gpx', bytes: gpx },
    { name: 'rides/2024/a.fit', bytes: fit },
    { name: 'routes/1.gpx', bytes: gpx },
    { name: 'years.zip', bytes: zipFile([{ name: 'b.gpx', bytes: gpx }]), stored: true },
    { name: 'media/photo.jpg', bytes: Buffer.from('no recording') },
    { name: 'messaging.json', bytes: Buffer.from('{}') },
  ];
  for (const path of [await folder(beside), await file('beside.zip', zipFile(beside))]) {
    const found = await walked(path);
    assert.deepEqual(
      found.map((one) => (one.kind === 'track' ? one.entry.name : one.kind)),
      ['failed', 'failed', 'failed', 'manual', 'good.gpx', 'rides/2024/a.fit', 'years.zip/b.gpx'],
    );
  }
});

test("another service's activities.csv is passed over, a broken one of an export is told", async () => {
  const list = { name: 'activities.csv', bytes: Buffer.from('Title,Calories\nRun,100\n') };
  assert.deepEqual(
    (await walked(await folder([list, { name: 'a.fit', bytes: fit }]))).map(({ kind }) => kind),
    ['track'],
  );
  const broken = await walked(await folder([list, { name: 'activities/a.fit', bytes: fit }]));
  assert.deepEqual(
    broken.map((one) => (one.kind === 'failed' ? one.code : one.kind)),
    ['malformed_csv', 'track'],
  );
});

test('a folder with links that lead round and nowhere ends, in order of names', async () => {
  const path = await folder([
    { name: 'b/c.gpx', bytes: gpx },
    { name: 'a.fit', bytes: fit },
    { name: '.hidden/d.gpx', bytes: gpx },
  ]);
  await symlink('..', join(path, 'b', 'up'));
  await symlink(path, join(path, 'b', 'top'));
  await symlink('nowhere.gpx', join(path, 'b', 'z.gpx'));
  await symlink('self', join(path, 'b', 'self'));
  assert.deepEqual(await readAll(await walked(path)), [
    { name: 'a.fit', points: 20, notes: [] },
    { name: 'b/c.gpx', points: 20, notes: [] },
    { name: 'b/z.gpx', code: 'missing_file' },
  ]);
});

test('an unsafe archive fails as a whole, and says why', async () => {
  const sound: ZipMember = { name: 'a.gpx', bytes: gpx };
  const zeros = Buffer.alloc(64 * 2 ** 20);
  const cases: [string, Buffer][] = [
    ['unsafe_archive', zipFile([sound, { name: '../b.gpx', bytes: gpx }])],
    ['unsafe_archive', zipFile([sound, { name: 'x/../../b.gpx', bytes: gpx }])],
    ['unsafe_archive', zipFile([sound, { name: '..\\b.gpx', bytes: gpx }])],
    ['unsafe_archive', zipFile([sound, { name: '/etc/b.gpx', bytes: gpx }])],
    ['unsafe_archive', zipFile([sound, { name: 'C:\\b.gpx', bytes: gpx }])],
    ['unsafe_archive', zipFile([sound, { name: 'bomb.gpx', bytes: zeros }])],
    ['malformed_zip', zipFile([sound]).subarray(0, -30)],
    ['malformed_zip', Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(100)])],
  ];
  for (const [code, bytes] of cases) {
    const found = await walked(await file('given.zip', bytes));
    assert.deepEqual(
      found.map((one) => one.kind === 'failed' && [one.name, one.code]),
      [['given.zip', code]],
    );
  }
  const inFolder = await walked(
    await folder([
      { name: 'bad.zip', bytes: cases[0][1] },
      { name: 'good.gpx', bytes: gpx },
    ]),
  );
  assert.deepEqual(
    inFolder.map(({ kind }) => kind),
    ['failed', 'track'],
  );
});

test('members that cannot be unpacked fail alone', async () => {
  const zip = zipFile([
    { name: 'secret.gpx', bytes: gpx, encrypted: true },
    { name: 'odd.gpx', bytes: gpx, method: 93 },
    { name: 'lying.gpx', bytes: gpx, size: 100 },
    { name: 'good.gpx', bytes: gpx },
  ]);
  // the first bytes of the last member's data
  const damaged = Buffer.from(zip);
  const data =
    damaged.lastIndexOf(Buffer.from('good.gpx'), damaged.indexOf(Buffer.from([0x50, 0x4b, 1, 2]))) + 8;
  damaged.fill(0xff, data, data + 20);
  assert.deepEqual(await readAll(await walked(await file('a.zip', damaged))), [
    { name: 'secret.gpx', code: 'encrypted' },
    { name: 'odd.gpx', code: 'unsupported_zip' },
    { name: 'lying.gpx', code: 'unsafe_archive' },
    { name: 'good.gpx', code: 'malformed_zip' },
  ]);
});

test('a 5 GB recording fails at once, by its size; so does a member that says it is', async () => {
  const path = await file('huge.gpx', gpx);
  await truncate(path, 5 * 2 ** 30);
  const huge = [
    path,
    dirname(path),
    await file(
      'huge.zip',
      zipFile([
        { name: 'huge.gpx', bytes: gpx, size: 0xf0000000, method: 8 },
        { name: 'b.gpx', bytes: Buffer.alloc(25e6, gpx), stored: true },
      ]),
    ),
  ];
  for (const one of huge) {
    const [found] = await walked(one);
    assert.deepEqual(found.kind === 'failed' && [found.name, found.code], ['huge.gpx', 'too_large']);
  }
});

test('too many files are refused before any is read', async () => {
  const members = Array.from({ length: 11 }, (_, at) => ({ name: `${at}.gpx`, bytes: gpx }));
  const limits = { ...WALK_LIMITS, entries: 10 };
  for (const path of [await file('many.zip', zipFile(members)), await folder(members)]) {
    const found = await walked(path, { limits });
    assert.deepEqual(
      found.map((one) => one.kind === 'failed' && one.code),
      ['too_many_files'],
    );
  }
});

test('what is not there, or no file, or unknown, is told', async () => {
  const code = async (path: string) => (await walked(path)).map((one) => one.kind === 'failed' && one.code);
  assert.deepEqual(await code(join(root, 'nothing')), ['missing_file']);
  assert.deepEqual(await code('/dev/null'), ['not_readable']);
  assert.deepEqual(await code(await file('photo.gpx', picture)), ['unknown_format']);
  assert.deepEqual(await code(await file('photo.jpg', picture)), ['unknown_format']);
  assert.deepEqual(await code(await file('words.txt', Buffer.from('some, words\n'))), ['malformed_csv']);
  assert.deepEqual(await code(await file('empty.fit', Buffer.alloc(0))), ['empty_file']);
  assert.deepEqual(await walked(await folder([])), []);
});

test('paths of another kind are opened by whoever knows them, archives within kept by them', async () => {
  const inner = zipFile([{ name: 'b.fit', bytes: fit }]);
  const stored = new Map([
    [
      '7',
      zipFile([
        { name: 'a.gpx', bytes: gpx },
        { name: 'inner.zip', bytes: inner },
      ]),
    ],
  ]);
  const open: OpenSource = async (path) => {
    const bytes = stored.get(path)!;
    return {
      size: bytes.length,
      read: async (offset, length) => bytes.subarray(offset, offset + length),
      async *stream(start, end) {
        yield bytes.subarray(start, end);
      },
      close: async () => {},
    };
  };
  const keep = async (archive: AsyncIterable<Uint8Array>) => {
    stored.set('8', Buffer.concat(await collect(archive)));
    return '8';
  };
  const found = await walked('7', { open, keep, name: 'from the page.zip' });
  assert.deepEqual(await readAll(found, open), [
    { name: 'a.gpx', points: 20, notes: [] },
    { name: 'inner.zip/b.fit', points: 20, notes: [] },
  ]);
});

test('a reference is plain data: it can be sent to another thread', async () => {
  for (const one of await walked(await file('a.zip', exportZip(exported))))
    assert.deepEqual(structuredClone(one), one);
});

test('random damage of an archive never ends the walk with anything but an answer', async () => {
  const sound = zipFile([
    ...exportMembers(exported),
    { name: 'x.zip', bytes: zipFile([{ name: 'a.gpx', bytes: gpx }]), stored: true },
  ]);
  const directory = sound.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
  const path = await file('damaged.zip', sound);
  const place = fc.oneof(fc.nat(sound.length - 1), fc.integer({ min: directory, max: sound.length - 1 }));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(place, fc.nat(255)), { maxLength: 4 }),
      fc.option(fc.nat(sound.length)),
      async (changes, end) => {
        const bytes = Buffer.from(sound);
        for (const [at, byte] of changes) bytes[at] = byte;
        await writeFile(path, end === null ? bytes : bytes.subarray(0, end));
        for (const found of await walked(path)) await read(found);
      },
    ),
    { numRuns: 150 },
  );
});

async function walked(path: string, options?: WalkOptions): Promise<Found[]> {
  return collect(walk(path, options));
}

/** What becomes of something found: the points in it, or why it fails. */
async function read(found: Found, open?: OpenSource) {
  if (found.kind === 'manual') return { name: found.row.activityId };
  if (found.kind === 'failed') return { name: found.name, code: found.code };
  const { name, ref } = found.entry;
  try {
    const [{ lines, notes }] = await parseTrackFile(openEntry(ref, open));
    return { name, points: lines.reduce((sum, { lat }) => sum + lat.length, 0), notes };
  } catch (error) {
    if (error instanceof TrackFileError) return { name, code: error.code };
    throw error;
  }
}

function readAll(found: Found[], open?: OpenSource) {
  return Promise.all(found.map((one) => read(one, open)));
}

async function collect<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}

async function file(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(root, `${folders++}`, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
  return path;
}

async function folder(members: readonly Pick<ZipMember, 'name' | 'bytes'>[]): Promise<string> {
  const path = join(root, `${folders++}`);
  await mkdir(path);
  for (const { name, bytes } of members) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), bytes);
  }
  return path;
}
