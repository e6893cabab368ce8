import polyline from '@mapbox/polyline';
import type { RawActivity, RawLine } from '../tracks/recording.ts';
import type { StravaActivity } from './activity.ts';
import { StravaFault } from './faults.ts';
import type { StreamsShape } from './shapes.ts';

type About = Pick<StravaActivity, 'name' | 'sport' | 'startedAt' | 'virtual'>;

/** The rough outline that a list shows of an activity, without times; no line where it has none. */
export function outlineOf(activity: StravaActivity): RawActivity {
  const points = activity.polyline === null ? [] : polyline.decode(activity.polyline);
  return rawOf(activity, {
    lat: points.map(([lat]) => lat),
    lng: points.map(([, lng]) => lng),
    time: points.map(() => Number.NaN),
    altitude: points.map(() => Number.NaN),
  });
}

/**
 * The whole recording; null where nothing has a position. Throws StravaFault `unavailable` for streams that do not
 * belong together.
 */
export function recordingOf(about: About, streams: StreamsShape): RawActivity | null {
  const places = streams.latlng?.data ?? [];
  if (places.length === 0) return null;
  const start = about.startedAt ?? Number.NaN;
  const beside = (stream: StreamsShape['time']) => {
    const values = stream?.data ?? places.map(() => null);
    if (values.length !== places.length) throw new StravaFault('unavailable', 'streams of different lengths');
    return values.map((value) => value ?? Number.NaN);
  };
  return rawOf(about, {
    lat: places.map(([lat]) => lat),
    lng: places.map(([, lng]) => lng),
    time: beside(streams.time).map((seconds) => start + seconds),
    altitude: beside(streams.altitude),
  });
}

function rawOf({ name, sport, startedAt, virtual }: About, line: RawLine): RawActivity {
  const lines = line.lat.length > 0 ? [line] : [];
  return { name, sport, startedAt, virtual, lines, planned: false, notes: [] };
}
