import polyline from '@mapbox/polyline';
import { simplify } from '../../geo/simplify.ts';

const METRES_PER_DEGREE = 111_320;
/** Vertices of a summary, by what Strava kept when the activity was recorded; the newest first. */
const SUMMARY_VERTICES = [
  { since: Date.UTC(2020, 0) / 1000, most: 330 },
  { since: Date.UTC(2019, 0) / 1000, most: 253 },
  { since: Number.NEGATIVE_INFINITY, most: 34 },
];
const DETAIL_VERTICES = 1232;
/** Metres: a vertex is never kept for less. */
const FINEST = 4;

/** Degrees. */
export interface Place {
  lng: ArrayLike<number>;
  lat: ArrayLike<number>;
}

/** As in a list: some hundred vertices however long the way is, a star chart for old ones. Empty for no way. */
export function summaryPolyline(places: Place, startedAt: number): string {
  return encoded(places, SUMMARY_VERTICES.find(({ since }) => startedAt >= since)!.most);
}

/** As in an activity's detail: finer, and still not what was recorded. */
export function detailPolyline(places: Place): string {
  return encoded(places, DETAIL_VERTICES);
}

/** Google's encoding, five decimals, of the line simplified until it has no more vertices than that. */
function encoded({ lng, lat }: Place, most: number): string {
  if (lng.length === 0) return '';
  const perDegree = METRES_PER_DEGREE * Math.cos((lat[0] * Math.PI) / 180);
  const xy = new Float64Array(lng.length * 2);
  for (let at = 0; at < lng.length; at++) {
    xy[at * 2] = lng[at] * perDegree;
    xy[at * 2 + 1] = lat[at] * METRES_PER_DEGREE;
  }
  let tolerance = FINEST;
  let kept = simplify(xy, tolerance);
  while (kept.length > most && kept.length > 2) {
    tolerance *= 1.25;
    kept = simplify(xy, tolerance);
  }
  return polyline.encode(Array.from(kept, (at) => [lat[at], lng[at]]));
}
