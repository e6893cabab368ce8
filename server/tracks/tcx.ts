import { emptyActivity, firstTime } from './gpx.ts';
import { type Limits, tooManyActivities, tooManyPoints } from './limits.ts';
import { emptyLine, type RawActivity, type RawLine, TrackFileError } from './recording.ts';
import { isVirtualSport, sportOf, UNKNOWN_SPORT } from './sports.ts';
import { type ElementReader, parseName, parseNumber, parseTime } from './xml.ts';

/**
 * Training Center XML. Each `Activity` is one, those within a multi-sport session too. A `Track` that follows
 * another in the same lap was recorded after a pause and begins a line; a lap that begins does not break one.
 */
export class TcxReader implements ElementReader {
  readonly #limits: Limits;
  readonly #activities: RawActivity[] = [];
  readonly #courses: RawActivity[] = [];
  #current: RawActivity | null = null;
  #line: RawLine | null = null;
  #tracksInLap = 0;
  #points = 0;
  #inPoint = false;
  #inCreator = false;
  #lat = Number.NaN;
  #lng = Number.NaN;
  #time = Number.NaN;
  #altitude = Number.NaN;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  open(name: string, attributes: Record<string, string>): void {
    switch (name) {
      case 'Trackpoint':
        this.#inPoint = true;
        this.#lat = Number.NaN;
        this.#lng = Number.NaN;
        this.#time = Number.NaN;
        this.#altitude = Number.NaN;
        break;
      case 'Track':
        if (this.#tracksInLap++ > 0) this.#endLine();
        break;
      case 'Lap':
        this.#tracksInLap = 0;
        if (this.#current) this.#start(parseTime(attributes.StartTime ?? ''));
        break;
      case 'Activity':
        this.#begin(this.#activities, emptyActivity(false));
        this.#setSport(attributes.Sport);
        break;
      case 'Course':
        this.#begin(this.#courses, emptyActivity(true));
        break;
      case 'Creator':
        this.#inCreator = true;
        break;
    }
  }

  close(name: string, text: string): void {
    if (this.#inPoint) {
      if (name === 'Time') this.#time = parseTime(text);
      else if (name === 'LatitudeDegrees') this.#lat = parseNumber(text);
      else if (name === 'LongitudeDegrees') this.#lng = parseNumber(text);
      else if (name === 'AltitudeMeters') this.#altitude = parseNumber(text);
      else if (name === 'Trackpoint') this.#addPoint();
      return;
    }
    switch (name) {
      case 'Activity':
      case 'Course':
        this.#endLine();
        this.#current = null;
        break;
      case 'Id':
        if (this.#current) this.#start(parseTime(text));
        break;
      case 'Creator':
        this.#inCreator = false;
        break;
      case 'Name':
        if (this.#current && this.#inCreator) this.#setCreator(text);
        else if (this.#current?.planned) this.#current.name ??= parseName(text);
        break;
    }
  }

  /** What was read so far. Throws TrackFileError where that is nothing. */
  end(): RawActivity[] {
    this.#endLine();
    const activities = this.#activities.length > 0 ? this.#activities : this.#courses;
    if (activities.length === 0) throw new TrackFileError('no_activity', 'it has no activity');
    for (const activity of activities) {
      const first = firstTime(activity);
      if (activity.startedAt === null && !Number.isNaN(first)) activity.startedAt = first;
    }
    return activities;
  }

  #begin(list: RawActivity[], activity: RawActivity): void {
    this.#endLine();
    list.push(activity);
    if (list.length > this.#limits.activities) throw tooManyActivities(this.#limits.activities);
    this.#current = activity;
    this.#tracksInLap = 0;
  }

  #start(time: number): void {
    if (this.#current && !Number.isNaN(time)) this.#current.startedAt ??= time;
  }

  #setSport(word: string | undefined): void {
    const sport = sportOf(word);
    // "Other" is all that TCX has for what is neither running nor cycling.
    if (!this.#current || sport === null || sport === UNKNOWN_SPORT) return;
    this.#current.sport = sport;
    this.#current.virtual = isVirtualSport(sport);
  }

  #setCreator(name: string): void {
    if (!this.#current || !/zwift|rouvy|mywhoosh|bkool/i.test(name)) return;
    this.#current.virtual = true;
    const { sport } = this.#current;
    if (sport === 'Ride' || sport === 'Run') this.#current.sport = `Virtual${sport}`;
  }

  #addPoint(): void {
    this.#inPoint = false;
    const lost = Number.isNaN(this.#lat) || Number.isNaN(this.#lng);
    if (!this.#current || (lost && Number.isNaN(this.#time))) return;
    if (++this.#points > this.#limits.points) throw tooManyPoints(this.#limits.points);
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
}
