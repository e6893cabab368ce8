import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import polyline from '@mapbox/polyline';
import { stravaSession } from '../../testing/strava-session.ts';
import { recordedOuting } from '../../testing/track-files.ts';
import type { NewActivity } from './activity.ts';
import { type Simulator, startSimulator } from './simulator.ts';

type Row = Record<string, unknown> & { id: number; map: { summary_polyline: string | null } };

const FIRST = Date.UTC(2025, 9, 1, 9) / 1000;
let strava: Simulator;

afterEach(() => strava.close());

async function start(activities: NewActivity[]): Promise<void> {
  strava = await startSimulator({ athletes: [{ activities }] });
}

test('a row has what rows were seen to have', async () => {
  const start_ = Date.UTC(2025, 9, 18, 12, 49, 52) / 1000;
  await start([
    {
      raw: recordedOuting({ sport: 'TrailRun', startedAt: start_, points: 100 }),
      utcOffset: -14_400,
      timezone: '(GMT-05:00) America/New_York',
    },
  ]);
  const ada = await stravaSession(strava);
  const [row] = (await ada.get('/athlete/activities')).body as Row[];
  // the key nobody's parser knows comes on top
  const { relief_grade, ...known } = row;
  assert.ok(relief_grade);
  assert.deepEqual(Object.keys(known).sort(), RECORDED_KEYS);
  assert.deepEqual([row.type, row.sport_type], ['Run', 'TrailRun']);
  assert.equal(row.start_date, '2025-10-18T12:49:52Z');
  assert.equal(row.start_date_local, '2025-10-18T08:49:52Z');
  const line = polyline.decode(row.map.summary_polyline!);
  const [lat, lng] = row.start_latlng as number[];
  assert.ok(Math.abs(line[0][0] - lat) < 1e-5 && Math.abs(line[0][1] - lng) < 1e-5);
});

test('rows without places, of old, without the optional, and with a hidden start', async () => {
  await start([
    { name: 'by hand', startedAt: FIRST },
    { name: 'by hand, of old', startedAt: FIRST, nulls: true },
    { raw: recordedOuting({ name: 'bare' }), bare: true },
    { raw: recordedOuting({ name: 'hidden', startedAt: FIRST }), hiddenStart: true },
    { raw: recordedOuting({ name: 'in a game' }), sport: 'VirtualRide', trainer: true },
    { raw: recordedOuting({ name: 'new sport' }), sport: 'Spearfishing' },
  ]);
  const ada = await stravaSession(strava);
  const rows = (await ada.get('/athlete/activities')).body as Row[];
  const named = (name: string) => rows.find((row) => row.name === name)!;
  const byHand = named('by hand');
  assert.deepEqual(
    [byHand.manual, byHand.map.summary_polyline, byHand.start_latlng, byHand.external_id],
    [true, '', [], null],
  );
  const ofOld = named('by hand, of old');
  assert.deepEqual([ofOld.map.summary_polyline, ofOld.start_latlng, ofOld.end_latlng], [null, null, null]);
  assert.equal(ofOld.start_date, byHand.start_date, 'two may begin at once');
  for (const key of ['average_temp', 'elev_high', 'elev_low', 'upload_id_str', 'workout_type']) {
    assert.ok(!(key in named('bare')), key);
  }
  assert.equal(named('hidden').start_date, '2025-10-01T00:00:01Z');
  assert.equal(named('hidden').start_date_local, '2025-10-01T00:00:01Z');
  const inGame = named('in a game');
  assert.ok(inGame.trainer && inGame.map.summary_polyline, 'invented places are given like real ones');
  assert.equal(named('new sport').sport_type, 'Spearfishing');
});

test('a summary is a rough line, a star chart for what is old, and the detail is finer', async () => {
  const noisy = { points: 13_000, noise: 2 };
  await start([
    { raw: recordedOuting({ ...noisy, startedAt: Date.UTC(2017, 5) / 1000 }) },
    { raw: recordedOuting({ ...noisy, startedAt: Date.UTC(2019, 5) / 1000 }) },
    { raw: recordedOuting({ ...noisy, startedAt: Date.UTC(2025, 5) / 1000 }) },
  ]);
  const ada = await stravaSession(strava);
  const rows = (await ada.get('/athlete/activities')).body as Row[];
  const vertices = rows.map(({ map }) => polyline.decode(map.summary_polyline!).length);
  for (const [at, most] of [330, 253, 34].entries()) {
    assert.ok(vertices[at] <= most && vertices[at] > most / 2, `${vertices[at]} of ${most}`);
  }
  const { body } = await ada.get(`/activities/${rows[0].id}`);
  const detail = body as { resource_state: number; map: { polyline: string; resource_state: number } };
  assert.equal(detail.resource_state, 3);
  const finer = polyline.decode(detail.map.polyline).length;
  assert.ok(finer > vertices[0] && finer <= 1232, String(finer));
});

test('streams are all that was recorded, as an object or a list', async () => {
  const raw = recordedOuting({ points: 20_000 });
  await start([{ raw }]);
  const ada = await stravaSession(strava);
  const [{ id }] = strava.accounts.activitiesOf(ada.athleteId);
  const path = `/activities/${id}/streams`;
  const { body } = await ada.get(`${path}?keys=time,latlng,altitude&key_by_type=true`);
  const byType = body as Record<string, Record<string, unknown> & { data: unknown[] }>;
  assert.deepEqual(Object.keys(byType).sort(), ['altitude', 'distance', 'latlng', 'time']);
  for (const { data, series_type, original_size, resolution } of Object.values(byType)) {
    assert.deepEqual(
      [data.length, series_type, original_size, resolution],
      [20_000, 'distance', 20_000, 'high'],
    );
  }
  const [{ lat, lng }] = raw.lines;
  const [first] = byType.latlng.data as number[][];
  assert.ok(Math.abs(first[0] - lat[0]) < 1e-6 && Math.abs(first[1] - lng[0]) < 1e-6);
  assert.deepEqual(byType.time.data.slice(0, 3), [0, 1, 2]);
  const list = (await ada.get(`${path}?keys=latlng`)).body as { type: string }[];
  assert.deepEqual(
    list.map(({ type }) => type),
    ['distance', 'latlng'],
  );
  const unasked = (await ada.get(`${path}?key_by_type=true`)).body as object;
  assert.deepEqual(Object.keys(unasked), ['distance']);
});

test('a pause is a jump in time; indoors there are no places; by hand there is nothing', async () => {
  const [one, two] = [1, 2].map((seed) => recordedOuting({ seed, points: 3 }).lines[0]);
  const paused = { ...recordedOuting(), lines: [one, { ...two, time: two.time.map((time) => time + 600) }] };
  const indoors = recordedOuting({ sport: 'WeightTraining', points: 3 });
  indoors.lines[0].lat.fill(Number.NaN);
  indoors.lines[0].lng.fill(Number.NaN);
  await start([{ raw: paused }]);
  const { id: athleteId } = strava.athletes[0];
  const [{ id }] = strava.accounts.activitiesOf(athleteId);
  const ada = await stravaSession(strava);
  const keysOf = async (activityId: number) =>
    ada.get(`/activities/${activityId}/streams?keys=time,latlng&key_by_type=true`);
  const { time } = (await keysOf(id)).body as Record<string, { data: number[] }>;
  assert.deepEqual(time.data, [0, 1, 2, 600, 601, 602]);
  const inside = await keysOf(strava.addActivity(athleteId, { raw: indoors }));
  assert.deepEqual(Object.keys(inside.body as object), ['time', 'distance']);
  const { status, body } = await keysOf(strava.addActivity(athleteId, { name: 'by hand' }));
  assert.deepEqual([status, body], [404, { message: 'Resource Not Found', errors: [] }]);
});

/** Of a run recorded in October 2025, without heart rate and cadence, and with what came in that month's end. */
const RECORDED_KEYS = [
  ...'resource_state athlete name distance moving_time elapsed_time total_elevation_gain type sport_type'.split(
    ' ',
  ),
  ...'workout_type id start_date start_date_local timezone utc_offset location_city location_state'.split(
    ' ',
  ),
  ...'location_country achievement_count kudos_count comment_count athlete_count photo_count map'.split(' '),
  ...'trainer commute manual private visibility flagged gear_id start_latlng end_latlng average_speed'.split(
    ' ',
  ),
  ...'max_speed average_temp has_heartrate heartrate_opt_out display_hide_heartrate_option elev_high'.split(
    ' ',
  ),
  ...'elev_low upload_id upload_id_str external_id from_accepted_tag pr_count total_photo_count'.split(' '),
  ...'has_kudoed device_name'.split(' '),
].sort();
