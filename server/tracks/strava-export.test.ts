import assert from 'node:assert/strict';
import { test } from 'node:test';
import { activitiesCsv, type Exported } from '../demo/export-writer.ts';
import { recordedOuting } from '../testing/track-files.ts';
import { dateReader } from './export-dates.ts';
import { readActivitiesCsv } from './strava-export.ts';

const startedAt = Date.UTC(2022, 4, 29, 15, 53, 35) / 1000;
const exported: Exported[] = [
  {
    activity: recordedOuting({ points: 100, name: 'Lunch, "long" way', startedAt }),
    activityId: '7211111111',
    commute: true,
  },
  {
    activity: recordedOuting({ points: 50, sport: 'Run', name: null, startedAt: startedAt + 86_400 }),
    activityId: '7211111112',
    format: 'gpx',
  },
  { activity: recordedOuting({ sport: 'Yoga', startedAt }), activityId: '7211111113', manual: true },
];

test('an export is read in the language of its account, columns that occur twice told apart', () => {
  for (const language of ['en', 'de'] as const) {
    const rows = readActivitiesCsv(activitiesCsv(exported, language));
    assert.deepEqual(rows, [
      {
        activityId: '7211111111',
        name: 'Lunch, "long" way',
        sport: 'Ride',
        startedAt,
        commute: true,
        filename: 'activities/14422222222.fit.gz',
        distance: 709.2,
        elapsed: 99,
      },
      {
        activityId: '7211111112',
        name: null,
        sport: 'Run',
        startedAt: startedAt + 86_400,
        commute: false,
        filename: 'activities/14422222225.gpx',
        distance: 154.4,
        elapsed: 49,
      },
      {
        activityId: '7211111113',
        name: 'Round the lake',
        sport: 'Yoga',
        startedAt,
        commute: false,
        filename: null,
        distance: 1807.3,
        elapsed: 599,
      },
    ]);
  }
});

test('an unknown language is read by the order of its columns and the look of its values', () => {
  const [, ...rows] = activitiesCsv(exported, 'de')
    .toString()
    .split(/\n(?=\d{10},)/);
  const header = Array.from({ length: 20 }, (_, at) => `spalte${at}`).join(',');
  const read = readActivitiesCsv(Buffer.from(`\uFEFF${header}\r\n${rows.join('\r\n')}`));
  assert.deepEqual(
    read.map(({ activityId, filename, startedAt, sport }) => ({ activityId, filename, startedAt, sport })),
    readActivitiesCsv(activitiesCsv(exported, 'de')).map(({ activityId, filename, startedAt, sport }) => ({
      activityId,
      filename,
      startedAt,
      sport,
    })),
  );
});

test('quotes escaped by a backslash, comment rows and rows with too many columns do no harm', () => {
  const [header, ...rows] = activitiesCsv(exported)
    .toString()
    .split(/\n(?=\d{10},)/);
  const escaped = rows.map((row) => row.replaceAll('""', '\\"'));
  const odd = `${header}\n# old export\n${escaped.join('\n')}\n9999999999,"May 1, 2020, 1:00:00 AM",a,b,Ride,,,,,,,,,,,,activities/5.tcx.gz,,,,,,\n`;
  const read = readActivitiesCsv(Buffer.from(odd));
  assert.deepEqual(
    read.map(({ activityId }) => activityId),
    ['7211111111', '7211111112', '7211111113', '9999999999'],
  );
  assert.equal(read[0].name, 'Lunch, "long" way');
  assert.equal(read[3].filename, 'activities/5.tcx.gz');
});

test('a sport that is new at Strava keeps its word', () => {
  const csv =
    'Activity ID,Activity Date,Activity Name,Activity Type,Filename\n1,"Jan 1, 2030, 1:02:03 PM",a,Ice Climbing,\n';
  assert.equal(readActivitiesCsv(Buffer.from(csv))[0].sport, 'IceClimbing');
});

test('other lists are no exports', () => {
  for (const csv of [
    '',
    'a',
    'name,age\nx,1\n',
    'Athlete ID,Email Address,x,y\n1,someone@example.org,,\n',
    '\0\0\0\xff',
  ]) {
    assert.throws(() => readActivitiesCsv(Buffer.from(csv)), { code: 'malformed_csv' });
  }
});

test('dates of every language are read as UTC', () => {
  const dates = [
    'May 29, 2022, 3:53:35 PM',
    'May 29, 2022, 3:53:35\u202fPM',
    '29 May 2022, 15:53:35',
    '29.05.2022, 15:53:35',
    '29. Mai 2022, 15:53:35',
    '29 mai 2022 à 15:53:35',
    '29 may 2022, 15:53:35',
    '29 de mayo de 2022, 3:53:35 p. m.',
    '29 mag 2022, 15:53:35',
    '29 de mai. de 2022, 15:53:35',
    '29 mei 2022 15:53:35',
    '29. maj 2022 15.53.35',
    '29 мая 2022 г., 15:53:35',
    '29/05/2022 15:53:35',
    '2022/05/29 15:53:35',
    '2022-05-29 15:53:35',
    '2022年5月29日 下午3:53:35',
    '2022. 5. 29. 오후 3:53:35',
  ];
  for (const date of dates) assert.equal(dateReader([date])(date), startedAt, date);
  for (const date of ['', 'soon', 'Feb 30, 2022, 1:00:00 AM', '29.13.2022, 15:00:00']) {
    assert.equal(dateReader([date])(date), null, date);
  }
  assert.equal(dateReader([])('Dec 1, 2022, 12:00:01 AM'), Date.UTC(2022, 11, 1, 0, 0, 1) / 1000);
});

test('day and month are told apart by the other dates of the list', () => {
  const march4 = Date.UTC(2024, 2, 4) / 1000;
  const april3 = Date.UTC(2024, 3, 3) / 1000;
  assert.equal(dateReader(['3/4/2024', '12/31/2024'])('3/4/2024'), march4);
  assert.equal(dateReader(['3/4/2024', '31/12/2024'])('3/4/2024'), april3);
  assert.equal(dateReader(['3/4/2024'])('3/4/2024'), april3);
  assert.equal(dateReader(['3/4/2024, 1:00:00 AM'])('3/4/2024'), march4);
});
