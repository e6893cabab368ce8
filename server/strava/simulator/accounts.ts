/** Who and what there is at the simulated Strava, and how much of it an app may see. */
import { activityOf, type NewActivity, type Recorded, type SimulatedActivity } from './activity.ts';
import type { SimulatedAthlete, Zone } from './athlete.ts';
import type { Clock } from './clock.ts';

/** Scopes that there are. */
export const SCOPES = [
  'read',
  'read_all',
  'profile:read_all',
  'profile:write',
  'activity:read',
  'activity:read_all',
  'activity:write',
];
const FIRST_ATHLETE = 41_000_117;
const FIRST_ACTIVITY = 16_181_809_559;

/** `before` is null for a new one, `after` for one that was removed. */
export interface Change {
  before: SimulatedActivity | null;
  after: SimulatedActivity | null;
}

export class Accounts {
  readonly athletes: SimulatedAthlete[] = [];
  readonly #activities = new Map<number, SimulatedActivity>();
  readonly #cut = new WeakMap<Recorded, { zone: Zone; left: Recorded }>();
  readonly #clock: Clock;
  readonly #onChange: (change: Change) => void;

  constructor(clock: Clock, onChange: (change: Change) => void) {
    this.#clock = clock;
    this.#onChange = onChange;
  }

  join(given: Partial<SimulatedAthlete> = {}): SimulatedAthlete {
    const athlete = {
      id: FIRST_ATHLETE + this.athletes.length * 7919,
      username: null,
      firstname: ['Ada', 'Bo', 'Cleo', 'Dan'][this.athletes.length % 4],
      lastname: 'Example',
      mapsHidden: false,
      privacyZone: null,
      ...given,
    };
    this.athletes.push(athlete);
    return athlete;
  }

  athlete(id: number): SimulatedAthlete | undefined {
    return this.athletes.find((one) => one.id === id);
  }

  activity(id: number): SimulatedActivity | undefined {
    return this.#activities.get(id);
  }

  /** The athlete's, the newest first. */
  activitiesOf(athleteId: number): SimulatedActivity[] {
    const own = [...this.#activities.values()].filter((one) => one.athleteId === athleteId);
    return own.sort((a, b) => b.startedAt - a.startedAt || b.id - a.id);
  }

  add(athleteId: number, given: NewActivity): SimulatedActivity {
    const id = FIRST_ACTIVITY + this.#ids * 1009;
    this.#ids++;
    const activity = activityOf(id, athleteId, given, this.#clock.now());
    this.#put({ before: null, after: activity });
    return activity;
  }
  #ids = 0;

  /** Changes what is given; `raw` replaces what was recorded, as a crop does. */
  edit(id: number, change: NewActivity): void {
    const before = this.#known(id);
    const { raw, ...rest } = change;
    const recorded = raw ? activityOf(id, before.athleteId, { raw }, 0).recorded : before.recorded;
    this.#put({ before, after: { ...before, ...rest, recorded } });
  }

  remove(id: number): void {
    this.#put({ before: this.#known(id), after: null });
  }

  #known(id: number): SimulatedActivity {
    const activity = this.#activities.get(id);
    if (!activity) throw new Error(`the simulated Strava has no activity ${id}`);
    return activity;
  }

  #put(change: Change): void {
    if (change.after) this.#activities.set(change.after.id, change.after);
    else this.#activities.delete(change.before!.id);
    this.#onChange(change);
  }

  /** What was recorded, as far as scope and settings let it be seen. */
  seen({ athleteId, recorded }: SimulatedActivity, scopes: readonly string[]): Recorded | null {
    const athlete = this.athlete(athleteId);
    if (!recorded || !athlete) return null;
    if (athlete.mapsHidden) return { ...recorded, lat: null, lng: null };
    const { privacyZone: zone } = athlete;
    if (!zone || !recorded.lat || scopes.includes('activity:read_all')) return recorded;
    let cut = this.#cut.get(recorded);
    if (cut?.zone !== zone) {
      cut = { zone, left: without(recorded, zone) };
      this.#cut.set(recorded, cut);
    }
    return cut.left;
  }
}

/** Whether an app with those scopes learns of an activity at all. */
export function isVisible({ visibility }: SimulatedActivity, scopes: readonly string[]): boolean {
  if (scopes.includes('activity:read_all')) return true;
  return scopes.includes('activity:read') && visibility !== 'only_me';
}

function without(recorded: Recorded, { lng, lat, radius }: Zone): Recorded {
  const perLat = 111_195;
  const perLng = perLat * Math.cos((lat * Math.PI) / 180);
  const isOutside = recorded.lat!.map(
    (degrees, at) => Math.hypot((degrees - lat) * perLat, (recorded.lng![at] - lng) * perLng) > radius,
  );
  const left = <T>(some: T[]) => some.filter((_, at) => isOutside[at]);
  return {
    time: left(recorded.time),
    distance: left(recorded.distance),
    lat: left(recorded.lat!),
    lng: left(recorded.lng!),
    altitude: recorded.altitude && left(recorded.altitude),
  };
}
