import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { fitFile } from '../demo/fit-writer.ts';
import { gpxFile } from '../demo/gpx-writer.ts';
import { tcxFile } from '../demo/tcx-writer.ts';
import fc from '../testing/fast-check.ts';
import { recordedOuting } from '../testing/track-files.ts';
import { LIMITS } from './limits.ts';
import { parseTrackFile } from './parse.ts';
import { type RawActivity, TrackFileError } from './recording.ts';

const outing = recordedOuting({ points: 50 });

test('the same outing comes out of every format, packed or not, in pieces of any length', async () => {
  const files = [gpxFile(outing), tcxFile(outing), fitFile(outing)];
  for (const file of [...files, ...files.map((bytes) => gzipSync(bytes)), gzipSync(gzipSync(files[0]))]) {
    for (const piece of [1, 7, 1000, 1e9]) {
      const [activity, ...others] = await parse(file, piece);
      assert.equal(others.length, 0);
      assert.equal(activity.sport, 'Ride');
      assert.equal(activity.startedAt, outing.startedAt);
      assert.deepEqual(activity.notes, []);
      assert.equal(activity.lines.length, 1);
      closeTo(activity, outing);
    }
  }
});

test('GPX: any version, prefix, encoding, blanks and marks before the declaration', async () => {
  const named = { ...outing, name: 'Überlingen & zurück' };
  const files = [
    gpxFile(named, { version: '1.0' }),
    gpxFile(named, { version: 'none' }),
    gpxFile(named, { prefix: 'gpx:' }),
    gpxFile(named, { before: '\uFEFF' }),
    gpxFile(named, { before: `\n${' '.repeat(3000)}` }),
    gpxFile(named, { before: ' '.repeat(70_001) }),
    gpxFile(named, { before: ' '.repeat(70_001), encoding: 'utf16le' }),
    gpxFile(named, { encoding: 'utf16le', declared: 'UTF-16', before: '\uFEFF' }),
    gpxFile(named, { encoding: 'utf16le', declared: 'UTF-16' }),
    gpxFile(named, { encoding: 'latin1', declared: 'ISO-8859-1' }),
    gpxFile(named, { declared: 'UTF-16' }),
    gpxFile(named, { declared: 'klingon' }),
  ];
  for (const file of files) {
    const [activity] = await parse(file);
    assert.equal(activity.name, named.name);
    closeTo(activity, outing);
  }
});

test('GPX: tracks are activities, segments are lines, extensions do not matter', async () => {
  const [activity, other] = await parse(
    gpx(`
      <wpt lat="1" lon="2"><name>a hut</name><time>2020-01-01T00:00:00Z</time></wpt>
      <metadata><name>file</name><time>2024-05-31T06:00:00Z</time></metadata>
      <trk><name><![CDATA[ Up & down ]]></name><type>mountain_biking</type>
        <trkseg>
          <trkpt lon="11.5" lat="47.5"><ele>600.5</ele><time>2024-05-31T08:00:00.250Z</time>
            <extensions><ns3:TrackPointExtension><ns3:time>1999-01-01T00:00:00Z</ns3:time><ns3:hr>120</ns3:hr></ns3:TrackPointExtension></extensions>
            <name>a point</name></trkpt>
          <trkpt lon="11,6" lat="47,6"><time>2024-05-31T10:00:01+02:00</time></trkpt>
        </trkseg>
        <trkseg><trkpt lon="12" lat="48"/></trkseg><trkseg/>
      </trk>
      <trk><name>second</name><trkseg><trkpt lat="1" lon="2"><time>2024-06-01T00:00:00Z</time></trkpt></trkseg></trk>
      <trk><name>empty</name></trk>`),
  );
  assert.equal(activity.name, 'Up & down');
  assert.equal(activity.sport, 'MountainBikeRide');
  assert.equal(activity.startedAt, 1_717_142_400.25);
  assert.deepEqual(activity.lines, [
    {
      lng: [11.5, 11.6],
      lat: [47.5, 47.6],
      time: [1_717_142_400.25, 1_717_142_401],
      altitude: [600.5, Number.NaN],
    },
    { lng: [12], lat: [48], time: [Number.NaN], altitude: [Number.NaN] },
  ]);
  assert.equal(other.name, 'second');
});

test('GPX: points without times stay, an unknown start stays unknown; without any point it was indoors', async () => {
  const [timeless] = await parse(
    gpx(
      '<metadata><time>2024-05-31T06:00:00Z</time></metadata><trk><trkseg><trkpt lat="1" lon="2"/></trkseg></trk>',
    ),
  );
  assert.equal(timeless.startedAt, null);
  assert.equal(timeless.planned, false);
  const [indoors] = await parse(
    gpx(
      '<wpt><name>x</name><time>2000-01-01T00:00:00Z</time></wpt><metadata><name>Spinning</name><time>2024-05-31T08:00:00Z</time></metadata><trk><trkseg/></trk>',
    ),
  );
  assert.deepEqual({ ...indoors, sport: null }, { ...outing, sport: null, name: 'Spinning', lines: [] });
});

test('a start in another age is unknown', async () => {
  for (const startedAt of [-2_147_483_648, Date.UTC(7605, 10, 10) / 1000]) {
    const line = { ...outing.lines[0], time: outing.lines[0].time.map((_, at) => startedAt + at) };
    const [activity] = await parse(gpxFile({ ...outing, startedAt, lines: [line] }));
    assert.equal(activity.startedAt, null);
  }
});

test('what was planned says so: routes, courses, tracks of route planners', async () => {
  const timeless = {
    ...outing,
    lines: outing.lines.map((line) => ({ ...line, time: line.time.map(() => Number.NaN) })),
  };
  const files = [
    gpxFile(outing, { routes: true }),
    gpxFile(timeless, { creator: 'https://www.komoot.de' }),
    fitFile(outing, { fileType: 6 }),
    Buffer.from(
      tcxFile(outing)
        .toString()
        .replaceAll('Activit', 'Cours')
        .replaceAll('Coursies', 'Courses')
        .replaceAll('Coursy', 'Course'),
    ),
  ];
  for (const file of files) assert.equal((await parse(file))[0].planned, true);
  assert.equal((await parse(gpxFile(outing, { creator: 'komoot' })))[0].planned, false);
  await fails('not_an_activity', gpx('<wpt lat="1" lon="2"/>'));
});

test('rides in games are marked', async () => {
  const files = [
    fitFile(outing, { manufacturer: 260 }),
    fitFile(outing, { subSport: 58 }),
    gpxFile(outing, { creator: 'Zwift' }),
    gpxFile({ ...outing, sport: 'VirtualRide' }),
  ];
  for (const file of files) {
    const [{ sport, virtual }] = await parse(file);
    assert.deepEqual({ sport, virtual }, { sport: 'VirtualRide', virtual: true });
  }
});

test('TCX: blanks before the declaration, laps join, pauses part, points without a position keep their time', async () => {
  const [activity] = await parse(
    tcxFile({ ...outing, lines: [...outing.lines, ...outing.lines] }, { before: ' '.repeat(10), lap: 10 }),
  );
  assert.equal(activity.lines.length, 2);
  assert.equal(activity.lines[0].lat.length, 50);
  const indoors = {
    ...outing,
    sport: 'Walk',
    lines: [{ ...outing.lines[0], lat: outing.lines[0].lat.map(() => Number.NaN) }],
  };
  const [walked] = await parse(tcxFile(indoors));
  assert.equal(walked.sport, null);
  assert.equal(walked.lines[0].time.length, 50);
  assert.ok(walked.lines[0].lng.every(Number.isNaN));
});

test('several sports in one file are several activities', async () => {
  const run = recordedOuting({ seed: 2, points: 30, sport: 'Run', startedAt: outing.startedAt! + 1000 });
  for (const file of [
    tcxFile([outing, run], { multisport: true }),
    fitFile([outing, run]),
    gpxFile([outing, run]),
  ]) {
    const activities = await parse(file);
    assert.deepEqual(
      activities.map(({ sport }) => sport),
      ['Ride', 'Run'],
    );
    closeTo(activities[0], outing);
    closeTo(activities[1], run);
  }
});

test('what can be read of a truncated file is kept, with a note', async () => {
  for (const file of [gpxFile(outing), tcxFile(outing), fitFile(outing)]) {
    const half = file.subarray(0, file.length * 0.6);
    for (const cut of [half, gzipSync(file).subarray(0, -200), gzipSync(half)]) {
      const [activity] = await parse(cut);
      const { lat } = activity.lines[0];
      assert.ok(lat.length > 5 && lat.length < 50, `${lat.length} points`);
      assert.equal(activity.notes.length, 1);
    }
  }
});

test('what turns to nonsense is read up to there', async () => {
  const text = gpxFile(outing).toString();
  const middle = text.indexOf('<trkpt', text.length / 2);
  const broken = `${text.slice(0, middle)}<<<< & </nonsense>${text.slice(middle)}`;
  const [activity] = await parse(Buffer.from(broken));
  assert.deepEqual(activity.notes, ['damaged_end']);
  assert.ok(activity.lines[0].lat.length > 10);
});

test('characters that do not belong into XML, and entities of HTML in a name, do no harm', async () => {
  const [activity] = await parse(
    gpx(
      '<trk><name>a &nbsp; \u0001 b ]]> c</name><trkseg><trkpt lat="1" lon="2"/><trkpt lat="1" lat="3" lon=2 /></trkseg></trk>',
    ),
  );
  assert.deepEqual(activity.notes, []);
  assert.equal(activity.lines[0].lat.length, 2);
});

test('files that are no recording fail with a reason', async () => {
  await fails('empty_file', Buffer.alloc(0));
  await fails('empty_file', Buffer.from(' \n\t '.repeat(1000)));
  await fails('empty_file', gzipSync(Buffer.alloc(0)));
  await fails('unknown_format', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46]));
  await fails('unknown_format', Buffer.from('{"type":"FeatureCollection"}'));
  await fails('unknown_format', Buffer.from('<kml xmlns="http://www.opengis.net/kml/2.2"/>'));
  await fails('unknown_format', Buffer.from('<!DOCTYPE html><html><body>Please sign in</body></html>'));
  await fails('unknown_format', Buffer.from('PK\x03\x04 and so on'));
  await fails('malformed_xml', Buffer.from('<gpx><trk><trkseg>'));
  await fails('malformed_xml', Buffer.from('<gpx'));
  await fails('no_activity', gpx(''));
  await fails('no_activity', Buffer.from('<TrainingCenterDatabase/>'));
  await fails('malformed_gzip', Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
  await fails('too_deep', gzipSync(gzipSync(gzipSync(gpxFile(outing)))));
});

test('entities and document types are refused, not expanded', async () => {
  const laughs = '<!DOCTYPE gpx [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>';
  const outside = '<!DOCTYPE gpx [<!ENTITY x SYSTEM "file:///etc/passwd">]>';
  for (const doctype of [laughs, outside]) {
    const [declaration, rest] = gpx('<trk><name>&c;&x;</name><trkseg><trkpt lat="1" lon="2"/></trkseg></trk>')
      .toString()
      .split('\n');
    await fails('malformed_xml', Buffer.from(`${declaration}\n${doctype}${rest}`));
  }
});

test('limits hold whatever a file claims, without reading it to its end', async () => {
  const few = { ...LIMITS, bytes: 2 ** 20, points: 40, token: 2 ** 16, ratioFrom: 2 ** 18, activities: 3 };
  const head = '<?xml version="1.0"?><gpx><trk><trkseg>';
  let taken = 0;
  const endless = async function* (piece: string, before = '') {
    yield Buffer.from(head + before);
    for (taken = 0; ; taken += piece.length) yield Buffer.from(piece);
  };
  const limited = async (code: string, chunks: AsyncIterable<Uint8Array>) => {
    await assert.rejects(
      parseTrackFile(chunks, few),
      (error) => error instanceof TrackFileError && error.code === code,
    );
    assert.ok(taken < 4 * 2 ** 20);
  };
  await limited('too_large', endless('<x></x>'.repeat(1000)));
  await limited('too_large', endless('blanks and words '.repeat(1000)));
  await limited('too_large', endless('a comment '.repeat(1000), '<!-- '));
  await limited('malformed_xml', endless('<a>'.repeat(1000)));
  await limited('too_many_points', endless('<trkpt lat="1" lon="2"/>'.repeat(1000)));
  await limited('too_large', endless('</trkseg></trk><trk><trkseg>'));
  await limited('too_many_points', pieces(fitFile(outing)));
  await limited(
    'too_large',
    pieces(gzipSync(Buffer.concat([Buffer.from(head), Buffer.alloc(8 * 2 ** 20, 32)]))),
  );
});

test('random damage and truncation of sound files is an answer or a TrackFileError, nothing else', async () => {
  const short = recordedOuting({ points: 8 });
  const files = [
    gpxFile(short),
    tcxFile(short),
    fitFile([short, short]),
    fitFile(short, { compressedTimes: true }),
    gzipSync(fitFile(short)),
  ];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...files),
      fc.array(fc.record({ at: fc.nat(), byte: fc.nat(255) }), { maxLength: 6 }),
      fc.option(fc.nat()),
      fc.integer({ min: 1, max: 500 }),
      async (file, changes, end, piece) => {
        const bytes = Buffer.from(end === null ? file : file.subarray(0, end % file.length));
        for (const { at, byte } of changes) if (bytes.length > 0) bytes[at % bytes.length] = byte;
        await parse(bytes, piece).catch((error) => {
          if (!(error instanceof TrackFileError)) throw error;
        });
      },
    ),
    { numRuns: 400 },
  );
});

function gpx(body: string): Buffer {
  return Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="a watch">${body}</gpx>`,
  );
}

async function* pieces(bytes: Uint8Array, length = 65_536): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

function parse(bytes: Uint8Array, length?: number): Promise<RawActivity[]> {
  return parseTrackFile(pieces(bytes, length));
}

async function fails(code: string, bytes: Uint8Array): Promise<void> {
  await assert.rejects(parse(bytes), (error) => {
    assert.ok(error instanceof TrackFileError);
    assert.equal(error.code, code);
    return true;
  });
}

function closeTo(actual: RawActivity, expected: RawActivity): void {
  for (const [index, line] of expected.lines.entries()) {
    const { lng, lat, time, altitude } = actual.lines[index];
    assert.deepEqual(time, line.time);
    for (const [at] of line.lat.entries()) {
      // FIT counts positions in 8e-8 degrees, altitudes in fifths of a metre
      assert.ok(Math.abs(lat[at] - line.lat[at]) < 1e-7 && Math.abs(lng[at] - line.lng[at]) < 1e-7);
      assert.ok(Math.abs(altitude[at] - line.altitude[at]) < 0.11);
    }
  }
}
