/** Pages on the way through consent: plain, and plainly not Strava's. */
import type { SimulatedAthlete } from './athlete.ts';
import { escaped, page } from './page.ts';

const SCOPE_WORDS: Record<string, string> = {
  read: 'View data about your public profile',
  read_all: 'View private routes, segments and events',
  'profile:read_all': 'View all of your profile',
  'profile:write': 'Change your profile',
  'activity:read': 'View data about your activities',
  'activity:read_all': 'View data about your private activities',
  'activity:write': 'Upload and change activities',
};

export interface Consent {
  /** The request's own parameters. */
  given: Readonly<Record<string, string>>;
  scopes: readonly string[];
  /** Who is asked. */
  athlete: SimulatedAthlete;
  others: readonly SimulatedAthlete[];
}

/** Asks for consent: each scope can be unticked. */
export function consentPage({ given, scopes, athlete, others }: Consent): string {
  const { athlete: _, ...asked } = given;
  const hidden = Object.entries({ ...asked, athlete: String(athlete.id) });
  const switches = others
    .filter(({ id }) => id !== athlete.id)
    .map((other) => {
      const query = new URLSearchParams({ ...asked, athlete: String(other.id) });
      return `<a href="?${escaped(query.toString())}">${escaped(nameOf(other))}</a>`;
    });
  return page(
    'Authorize the app',
    `<p>You are signed in as <b>${escaped(nameOf(athlete))}</b>.
      ${switches.length > 0 ? `Be instead: ${switches.join(', ')}` : ''}</p>
    <form method="post" action="/oauth/authorize">
      ${hidden.map(([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`).join('')}
      <p>An app wants to be able to:</p>
      ${scopes
        .map(
          (scope) => `<label><input type="checkbox" name="allow ${scope}" checked>
            <span>${SCOPE_WORDS[scope]} <code>${scope}</code></span></label>`,
        )
        .join('')}
      <p class="buttons">
        <button class="strong" name="decision" value="authorize">Authorize</button>
        <button name="decision" value="cancel">Cancel</button>
      </p>
    </form>`,
  );
}

/** What an athlete sees when the app has as many as it may: the app itself learns nothing of it. */
export function capacityPage(): string {
  return page(
    'Error 403: Limit of connected athletes exceeded',
    '<p>This app cannot connect more athletes.</p>',
  );
}

export function nameOf({ firstname, lastname }: SimulatedAthlete): string {
  return `${firstname} ${lastname}`;
}
