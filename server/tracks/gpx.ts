import { readKept } from './kept.ts';
import type { Limits } from './limits.ts';
import { firstTime, Recorder } from './recorder.ts';
import { type RawActivity, TrackFileError } from './recording.ts';
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
  readonly #recorder: Recorder;
  #creator: string;
  #fileName: string | null = null;
  #fileTime = Number.NaN;
  #linksToRoute = false;
  #waypoints = 0;
  #inWaypoint = false;
  #depth = 0;
  #currentDepth = 0;
  #pointDepth = 0;
  #lat = Number.NaN;
  #lng = Number.NaN;
  #time = Number.NaN;
  #altitude = Number.NaN;

  /** Takes over after the root element. */
  constructor(attributes: Record<string, string>, limits: Limits) {
    this.#creator = attributes.creator ?? '';
    this.#recorder = new Recorder(limits);
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
        this.#recorder.breakLine();
        break;
      case 'trk':
      case 'rte':
        this.#recorder.begin(name === 'rte');
        this.#currentDepth = this.#depth;
        break;
      case 'wpt':
        this.#waypoints++;
        this.#inWaypoint = true;
        break;
      case 'activity':
        this.#readKept(attributes);
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
    const { current } = this.#recorder;
    const ofCurrent = current !== null && depth === this.#currentDepth + 1;
    const ofFile = current === null && depth <= 2 && !this.#inWaypoint;
    switch (name) {
      case 'wpt':
        this.#inWaypoint = false;
        break;
      case 'trkseg':
        this.#recorder.breakLine();
        break;
      case 'trk':
      case 'rte':
        this.#recorder.end();
        break;
      case 'name':
        if (ofCurrent) current.name = parseName(text);
        else if (ofFile) this.#fileName ??= parseName(text);
        break;
      case 'type':
        if (ofCurrent) current.sport = sportOf(text);
        break;
      case 'time':
        if (ofFile && Number.isNaN(this.#fileTime)) this.#fileTime = parseTime(text);
        break;
    }
  }

  /** What was read so far. Throws TrackFileError where that is nothing. */
  end(): RawActivity[] {
    const all = this.#recorder.activities;
    const recorded = all.filter(({ planned }) => !planned);
    const tracks = recorded.length > 0 ? recorded : all;
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

  /** Among the extensions of a track. */
  #readKept(attributes: Record<string, string>): void {
    const { current } = this.#recorder;
    const isOfTrack = this.#pointDepth === 0 && this.#depth === this.#currentDepth + 2;
    if (this.#creator === 'Pathglow' && current !== null && isOfTrack) current.kept = readKept(attributes);
  }

  #addPoint(): void {
    this.#pointDepth = 0;
    this.#recorder.point(this.#lng, this.#lat, this.#time, this.#altitude);
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
