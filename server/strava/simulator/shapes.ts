/** The JSON of activities, as recorded in October 2025. */
import { isoTime } from '../../demo/iso-time.ts';
import { type Recorded, rounded, type SimulatedActivity } from './activity.ts';
import { detailPolyline, summaryPolyline } from './polylines.ts';

/** What the asker's scope and the athlete's settings leave of a recording. */
export type Seen = Recorded | null;

/** `sport_type` words whose deprecated `type` is another. */
const COARSE_TYPES: Record<string, string> = {
  TrailRun: 'Run',
  GravelRide: 'Ride',
  MountainBikeRide: 'Ride',
  EMountainBikeRide: 'EBikeRide',
  VirtualRow: 'Rowing',
  Tennis: 'Workout',
  Padel: 'Workout',
};

/** A row of a list. */
export function summaryRow(activity: SimulatedActivity, seen: Seen): Record<string, unknown> {
  const { id, sport, startedAt, nulls, trainer, manual, visibility } = activity;
  const elapsed = seen?.time.at(-1) ?? 3600;
  const distance = seen?.distance.at(-1) ?? 0;
  const local = startedAt + activity.utcOffset;
  return {
    resource_state: 2,
    athlete: { id: activity.athleteId, resource_state: 1 },
    name: activity.name,
    distance,
    moving_time: elapsed,
    elapsed_time: elapsed,
    total_elevation_gain: rounded(climb(seen?.altitude), 1),
    type: COARSE_TYPES[sport] ?? sport,
    sport_type: sport,
    id,
    start_date: isoTime(activity.hiddenStart ? afterMidnight(local) : startedAt),
    // wall-clock time, although it says Z
    start_date_local: isoTime(activity.hiddenStart ? afterMidnight(local) : local),
    timezone: activity.timezone,
    utc_offset: activity.utcOffset,
    location_city: null,
    location_state: null,
    location_country: null,
    achievement_count: 0,
    kudos_count: id % 9,
    comment_count: 0,
    athlete_count: 1,
    photo_count: 0,
    map: { id: `a${id}`, summary_polyline: orNull(summary(activity, seen), nulls), resource_state: 2 },
    trainer,
    commute: activity.commute,
    manual,
    private: visibility === 'only_me',
    visibility,
    flagged: false,
    gear_id: null,
    start_latlng: ends(seen, 0, nulls),
    end_latlng: ends(seen, -1, nulls),
    average_speed: elapsed > 0 ? rounded(distance / elapsed, 3) : 0,
    max_speed: 7.1,
    has_heartrate: false,
    heartrate_opt_out: false,
    display_hide_heartrate_option: false,
    upload_id: manual ? null : id + 1_083_456_104,
    external_id: manual ? null : `garmin_ping_${id * 3}`,
    from_accepted_tag: false,
    pr_count: 0,
    total_photo_count: 0,
    has_kudoed: false,
    // nobody's parser knows this one
    relief_grade: { steepest: 0.1, note: null },
    ...(!activity.bare && sometimes(activity, seen)),
  };
}

/** The whole of an activity. */
export function detail(activity: SimulatedActivity, seen: Seen): Record<string, unknown> {
  const { id, manual, nulls } = activity;
  const hasPlaces = seen?.lat && seen.lng;
  const line = hasPlaces ? detailPolyline({ lng: seen.lng!, lat: seen.lat! }) : '';
  return {
    ...summaryRow(activity, seen),
    resource_state: 3,
    map: {
      id: `a${id}`,
      polyline: orNull(line, nulls),
      summary_polyline: orNull(summary(activity, seen), nulls),
      resource_state: 3,
    },
    description: null,
    calories: 0,
    segment_efforts: [],
    splits_metric: [],
    splits_standard: [],
    laps: [],
    best_efforts: [],
    photos: { primary: null, count: 0 },
    stats_visibility: [{ type: 'heart_rate', visibility: 'everyone' }],
    hide_from_home: false,
    device_name: manual ? null : 'Garmin Forerunner 265',
    embed_token: id.toString(16),
    available_zones: [],
  };
}

const KEYS = ['time', 'distance', 'latlng', 'altitude'] as const;
type Key = (typeof KEYS)[number];

/**
 * The streams asked for, index by index alike: an object by type, or a list of them. `distance` comes along
 * unasked; what there is not is left out.
 */
export function streams(
  seen: Recorded,
  keys: readonly string[],
  byType: boolean,
): Record<string, object> | object[] {
  const has: Record<Key, unknown[] | null> = {
    time: seen.time,
    distance: seen.distance,
    latlng: seen.lat?.map((lat, at) => [lat, seen.lng![at]]) ?? null,
    altitude: seen.altitude,
  };
  const given = KEYS.filter((key) => (key === 'distance' || keys.includes(key)) && has[key]);
  const stream = (key: Key) => ({
    data: has[key]!,
    series_type: 'distance',
    original_size: seen.time.length,
    resolution: 'high',
  });
  if (byType) return Object.fromEntries(given.map((key) => [key, stream(key)]));
  return given.map((type) => ({ type, ...stream(type) }));
}

function sometimes({ id }: SimulatedActivity, seen: Seen): Record<string, unknown> {
  const heights = seen?.altitude;
  return {
    workout_type: id % 3 === 0 ? null : 0,
    average_temp: 20,
    upload_id_str: String(id + 1_083_456_104),
    device_name: 'Garmin Forerunner 265',
    ...(heights && {
      elev_high: heights.reduce((a, b) => Math.max(a, b)),
      elev_low: heights.reduce((a, b) => Math.min(a, b)),
    }),
  };
}

const summaries = new WeakMap<Recorded, string>();

function summary({ startedAt }: SimulatedActivity, seen: Seen): string {
  if (!seen?.lat || !seen.lng) return '';
  let line = summaries.get(seen);
  if (line === undefined) {
    line = summaryPolyline({ lng: seen.lng, lat: seen.lat }, startedAt);
    summaries.set(seen, line);
  }
  return line;
}

function ends(seen: Seen, at: 0 | -1, nulls: boolean): number[] | null {
  const lat = seen?.lat?.at(at);
  const lng = seen?.lng?.at(at);
  if (lat === undefined || lng === undefined) return nulls ? null : [];
  return [lat, lng];
}

function orNull(text: string, nulls: boolean): string | null {
  return text === '' && nulls ? null : text;
}

function climb(heights: number[] | null | undefined): number {
  let up = 0;
  heights?.forEach((height, at) => {
    if (at > 0 && height > heights[at - 1]) up += height - heights[at - 1];
  });
  return up;
}

function afterMidnight(local: number): number {
  return Math.floor(local / 86_400) * 86_400 + 1;
}
