import { type Limits, tooManyActivities, tooManyPoints } from './limits.ts';
import { emptyLine, type RawActivity, type RawLine, TrackFileError } from './recording.ts';
import { isVirtualSport, sportOf } from './sports.ts';
import { type ElementReader, parseName, parseNumber, parseTime } from './xml.ts';

/** Programs in which routes are drawn: a track of theirs without times is one. */
const PLANNERS =
  /komoot|brouter|plotaroute|graphhopper|openrouteservice|gpx\.studio|kurviger|calimoto|routeyou|osmandrouter|mapy\.c|outdooractive|bikemap|routeconverter/i;
/** Programs whose rides take place in a world of their own. */
const GAMES = /zwift|rouvy|mywhoosh|bkool|fulgaz|rgt cycling/i;

/**
 * GPX 1.0 and 1.1. Each `trk` is an activity, each `trkseg` an unbroken line. Routes (`rte`) are somebody's plan
 * and count only where there is no track, and only as a plan.
 */
export class GpxReader implements ElementReader {
  readonly #limits: Limits;
  readonly #tracks: RawActivity[] = [];
  readonly #routes: RawActivity[] = [];
  #creator: string;
  #fileName: string | null = null;
  #fileTime = Number.NaN;
  #linksToRoute = false;
  #waypoints = 0;
  #points = 0;
  #depth = 0;
  #current: RawActivity | null = null;
  #currentDepth = 0;
  #line: RawLine | null = null;
  #pointDepth = 0;
  #lat = Number.NaN;
  #lng = Number.NaN;
  #time = Number.NaN;
  #altitude = Number.NaN;

  /** Takes over after the root element. */
  constructor(attributes: Record<string, string>, limits: Limits) {
    this.#creator = attributes.creator ?? '';
    this.#limits = limits;
  }

  open(name: string, attributes: Record<string, string>): void {
    this.#depth++;
    switch (name) {
      case 'trkpt':
      case 'rtept':
        this.#lat = parseNumber(attributes.lat);
        this.#lng = parseNumber(attributes.lon ?? attributes.lng);
        this.#time = Number.NaN;
        this.#altitude = Number.NaN;
        this.#pointDepth = this.#depth;
        break;
      case 'trkseg':
        this.#line = emptyLine();
        break;
      case 'trk':
        this.#begin(this.#tracks, emptyActivity(false));
        break;
      case 'rte':
        this.#begin(this.#routes, emptyActivity(true));
        this.#line = emptyLine();
        break;
      case 'wpt':
        this.#waypoints++;
        break;
      case 'link':
        if (/\/routes\//.test(attributes.href ?? '')) this.#linksToRoute = true;
        break;
    }
  }

  close(name: string, text: string): void {
    const depth = this.#depth--;
    if (this.#pointDepth > 0) {
      if (depth === this.#pointDepth) this.#addPoint();
      else if (depth === this.#pointDepth + 1) {
        if (name === 'time') this.#time = parseTime(text);
        else if (name === 'ele') this.#altitude = parseNumber(text);
      }
      return;
    }
    switch (name) {
      case 'trkseg':
        this.#endLine();
        break;
      case 'trk':
      case 'rte':
        this.#endLine();
        this.#current = null;
        break;
      case 'name':
        if (this.#current && depth === this.#currentDepth + 1) this.#current.name = parseName(text);
        else if (!this.#current && depth <= 2) this.#fileName ??= parseName(text);
        break;
      case 'type':
        if (this.#current && depth === this.#currentDepth + 1) this.#current.sport = sportOf(text);
        break;
      case 'time':
        if (!this.#current && depth <= 2 && Number.isNaN(this.#fileTime)) this.#fileTime = parseTime(text);
        break;
    }
  }

  /** What was read so far. Throws TrackFileError where that is nothing. */
  end(): RawActivity[] {
    this.#endLine();
    const tracks = this.#tracks.length > 0 ? this.#tracks : this.#routes;
    if (tracks.length === 0) {
      if (this.#waypoints > 0) throw new TrackFileError('not_an_activity', 'it has waypoints only, no track');
      throw new TrackFileError('no_activity', 'it has no track');
    }
    const filled = tracks.filter(({ lines }) => lines.length > 0);
    // Indoors there is nothing to write: one track without a point is an activity, many of them beside others are not.
    const activities = filled.length > 0 ? filled : tracks.slice(0, 1);
    for (const activity of activities) this.#complete(activity, activities.length === 1);
    return activities;
  }

  #begin(list: RawActivity[], activity: RawActivity): void {
    list.push(activity);
    if (list.length > this.#limits.activities) throw tooManyActivities(this.#limits.activities);
    this.#current = activity;
    this.#currentDepth = this.#depth;
    this.#line = null;
  }

  #addPoint(): void {
    this.#pointDepth = 0;
    const lost = Number.isNaN(this.#lat) || Number.isNaN(this.#lng);
    if (!this.#current || (lost && Number.isNaN(this.#time))) return;
    if (++this.#points > this.#limits.points) throw tooManyPoints(this.#limits.points);
    // some writers leave out the segment
    this.#line ??= emptyLine();
    this.#line.lat.push(this.#lat);
    this.#line.lng.push(this.#lng);
    this.#line.time.push(this.#time);
    this.#line.altitude.push(this.#altitude);
  }

  #endLine(): void {
    if (this.#current && this.#line && this.#line.lat.length > 0) this.#current.lines.push(this.#line);
    this.#line = null;
  }

  #complete(activity: RawActivity, alone: boolean): void {
    const first = firstTime(activity);
    if (alone) activity.name ??= this.#fileName;
    // A plan's file tells when it was drawn, an indoor activity's when it began.
    const start = activity.lines.length > 0 ? first : this.#fileTime;
    activity.startedAt = Number.isNaN(start) ? null : start;
    if (Number.isNaN(first) && activity.lines.length > 0) {
      if (PLANNERS.test(this.#creator) || this.#linksToRoute) activity.planned = true;
    }
    if (GAMES.test(this.#creator)) {
      activity.virtual = true;
      if (activity.sport === 'Ride' || activity.sport === 'Run') activity.sport = `Virtual${activity.sport}`;
    } else if (activity.sport !== null) activity.virtual = isVirtualSport(activity.sport);
  }
}

export function emptyActivity(planned: boolean): RawActivity {
  return { sport: null, name: null, startedAt: null, lines: [], virtual: false, planned, notes: [] };
}

/** Unix seconds of the first point that knows its time; NaN if none does. */
export function firstTime({ lines }: RawActivity): number {
  for (const { time } of lines) for (const at of time) if (!Number.isNaN(at)) return at;
  return Number.NaN;
}
