import type { Limits } from './limits.ts';
import { firstTime, Recorder } from './recorder.ts';
import { type RawActivity, TrackFileError } from './recording.ts';
import { isVirtualSport, sportOf, UNKNOWN_SPORT } from './sports.ts';
import { type ElementReader, parseName, parseNumber, parseTime } from './xml.ts';

/**
 * Training Center XML. Each `Activity` is one, those within a multi-sport session too. A `Track` that follows
 * another in the same lap was recorded after a pause and begins a line; a lap that begins does not break one.
 */
export class TcxReader implements ElementReader {
  readonly #recorder: Recorder;
  #tracksInLap = 0;
  #inPoint = false;
  #inCreator = false;
  #lat = Number.NaN;
  #lng = Number.NaN;
  #time = Number.NaN;
  #altitude = Number.NaN;

  constructor(limits: Limits) {
    this.#recorder = new Recorder(limits);
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
        if (this.#tracksInLap++ > 0) this.#recorder.breakLine();
        break;
      case 'Lap':
        this.#tracksInLap = 0;
        this.#start(parseTime(attributes.StartTime ?? ''));
        break;
      case 'Activity':
        this.#recorder.begin(false);
        this.#tracksInLap = 0;
        this.#setSport(attributes.Sport);
        break;
      case 'Course':
        this.#recorder.begin(true);
        this.#tracksInLap = 0;
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
        this.#recorder.end();
        break;
      case 'Id':
        this.#start(parseTime(text));
        break;
      case 'Creator':
        this.#inCreator = false;
        break;
      case 'Name':
        if (this.#inCreator) this.#setCreator(text);
        else if (this.#recorder.current?.planned) this.#recorder.current.name ??= parseName(text);
        break;
    }
  }

  /** What was read so far. Throws TrackFileError where that is nothing. */
  end(): RawActivity[] {
    const all = this.#recorder.activities;
    const recorded = all.filter(({ planned }) => !planned);
    const activities = recorded.length > 0 ? recorded : all;
    if (activities.length === 0) throw new TrackFileError('no_activity', 'it has no activity');
    for (const activity of activities) {
      const first = firstTime(activity);
      if (activity.startedAt === null && !Number.isNaN(first)) activity.startedAt = first;
    }
    return activities;
  }

  #start(time: number): void {
    const { current } = this.#recorder;
    if (current && !Number.isNaN(time)) current.startedAt ??= time;
  }

  #setSport(word: string | undefined): void {
    const sport = sportOf(word);
    // "Other" is all that TCX has for what is neither running nor cycling.
    const { current } = this.#recorder;
    if (!current || sport === null || sport === UNKNOWN_SPORT) return;
    current.sport = sport;
    current.virtual = isVirtualSport(sport);
  }

  #setCreator(name: string): void {
    const { current } = this.#recorder;
    if (!current || !/zwift|rouvy|mywhoosh|bkool/i.test(name)) return;
    current.virtual = true;
    if (current.sport === 'Ride' || current.sport === 'Run') current.sport = `Virtual${current.sport}`;
  }

  #addPoint(): void {
    this.#inPoint = false;
    this.#recorder.point(this.#lng, this.#lat, this.#time, this.#altitude);
  }
}
