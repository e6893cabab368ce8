import { isoTime } from '../../demo/iso-time.ts';
import type { SimulatedActivity } from './activity.ts';
import type { SimulatedAthlete } from './athlete.ts';
import { nameOf } from './consent-page.ts';
import { escaped, page } from './page.ts';

const SHOWN = 12;

export interface Home {
  athlete: SimulatedAthlete;
  athletes: readonly SimulatedAthlete[];
  /** The newest first. */
  activities: readonly SimulatedActivity[];
  /** What the app may see; null while it is not connected. */
  scopes: readonly string[] | null;
  /** Reads of this quarter and of this day, and how many there may be. */
  used: readonly number[];
  limits: readonly number[];
}

/** What an athlete has at the simulated Strava, with buttons for all that can happen to it. */
export function homePage({ athlete, athletes, activities, scopes, used, limits }: Home): string {
  const others = athletes.filter(({ id }) => id !== athlete.id);
  return page(
    nameOf(athlete),
    `<p>${activities.length} activities.</p>
    <div class="buttons">
      ${button('/record', 'Record an outing')}
      ${others.map((other) => button('/be', `Be ${nameOf(other)}`, { athlete: String(other.id) })).join('')}
    </div>
    <table>
      <tr><th>When</th><th>What</th><th></th></tr>
      ${activities.slice(0, SHOWN).map(row).join('')}
    </table>
    <h2>Apps</h2>
    ${
      scopes
        ? `<p>The app may see: <code>${scopes.join(', ')}</code></p>${button('/revoke', 'Revoke access')}`
        : '<p>No app is connected.</p>'
    }
    <p>Calls of the app: ${used[0]} of ${limits[0]} in this quarter of an hour, ${used[1]} of ${limits[1]} today.</p>`,
  );
}

export function activityPage({ id, name, sport, startedAt }: SimulatedActivity): string {
  return page(name, `<p>${escaped(sport)}, ${when(startedAt)}, activity ${id}.</p>`);
}

export function missingPage(): string {
  return page('Not found', '<p>There is nothing here.</p>');
}

function row({ id, name, sport, startedAt, visibility }: SimulatedActivity): string {
  const path = `/activities/${id}`;
  const isHidden = visibility === 'only_me';
  return `<tr>
    <td>${when(startedAt)}</td>
    <td><a href="${path}">${escaped(name)}</a> <code>${escaped(sport)}${isHidden ? ', only me' : ''}</code></td>
    <td>
      ${isHidden ? button(`${path}/show`, 'Show') : button(`${path}/hide`, 'Hide')}
      ${button(`${path}/rename`, 'Rename', { name: `${name} again` })}
      ${button(`${path}/delete`, 'Delete')}
    </td>
  </tr>`;
}

function button(path: string, label: string, values: Record<string, string> = {}): string {
  const hidden = Object.entries(values).map(
    ([name, value]) => `<input type="hidden" name="${name}" value="${escaped(value)}">`,
  );
  return `<form class="inline" method="post" action="${path}">${hidden.join('')}<button>${escaped(label)}</button></form>`;
}

function when(seconds: number): string {
  return isoTime(seconds).slice(0, 16).replace('T', ' ');
}
