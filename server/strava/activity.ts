import type { RowShape } from './shapes.ts';

/** An activity as Strava lists it. */
export interface StravaActivity {
  stravaId: string;
  name: string | null;
  sport: string;
  /** Unix seconds. One second past midnight where the athlete hides when it began. */
  startedAt: number | null;
  /** Seconds. */
  elapsed: number | null;
  /** Metres. */
  distance: number | null;
  commute: boolean;
  /** Indoors or in a game: its positions are invented. */
  virtual: boolean;
  /** `everyone`, `followers_only`, `only_me`, or a word that came later. */
  visibility: string;
  /** Its outline; null where it has none: indoors, by hand, or its map is hidden altogether. */
  polyline: string | null;
}

/** Strava's own words, with the many ways to say that something is not there made one. */
export function activityOf(row: RowShape): StravaActivity {
  const sport = row.sport_type || row.type || 'Workout';
  const started = row.start_date ? Date.parse(row.start_date) : Number.NaN;
  return {
    stravaId: String(row.id),
    name: row.name || null,
    sport,
    startedAt: Number.isNaN(started) ? null : started / 1000,
    elapsed: row.elapsed_time ?? null,
    distance: row.distance ?? null,
    commute: row.commute === true,
    virtual: row.trainer === true || sport.startsWith('Virtual'),
    visibility: visibilityOf(row),
    polyline: row.map?.summary_polyline || null,
  };
}

/** Rows from before there was a visibility say only whether they are private. */
function visibilityOf({ visibility, private: isPrivate }: RowShape): string {
  if (isPrivate === true) return 'only_me';
  return visibility ?? (isPrivate === false ? 'everyone' : 'unknown');
}
