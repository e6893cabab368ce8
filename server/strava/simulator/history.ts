import { type DemoOptions, demoActivities } from '../../demo/athlete.ts';
import { REGIONS } from '../../demo/regions.ts';
import type { NewActivity, Visibility } from './activity.ts';

const ZONES = ['Europe/Berlin', 'Europe/Lisbon', 'America/Edmonton'];
const TOWNS = REGIONS.map((region, at) => ({ ...region, timezone: ZONES[at] }));

/**
 * The demo athlete's outings, the earliest first, as they would lie at Strava: the most for everybody to see, some for
 * followers, a few for nobody; now and then a start that is hidden, and one entered by hand.
 */
export function* demoHistory(options: DemoOptions = {}): Generator<NewActivity> {
  let at = 0;
  for (const { activity: raw, commute = false } of demoActivities(options)) {
    at++;
    const visibility: Visibility = at % 50 === 0 ? 'only_me' : at % 11 === 0 ? 'followers_only' : 'everyone';
    const west = raw.lines[0]?.lng.find((lng) => !Number.isNaN(lng)) ?? REGIONS[0].lng;
    const [{ clock, timezone }] = TOWNS.toSorted((a, b) => Math.abs(a.lng - west) - Math.abs(b.lng - west));
    const sign = clock < 0 ? '-' : '+';
    yield {
      raw,
      commute,
      visibility,
      hiddenStart: at % 40 === 0,
      utcOffset: clock,
      timezone: `(GMT${sign}${String(Math.abs(clock) / 3600).padStart(2, '0')}:00) ${timezone}`,
    };
    if (at % 60 === 0) yield { name: 'Forgot my watch', sport: 'Run', startedAt: raw.startedAt! + 43_200 };
  }
}
