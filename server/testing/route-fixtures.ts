/** Athletes with something of their own on a whole server, for the test of who may do what. */
import { createHash } from 'node:crypto';
import { Imports } from '../activities/imports.ts';
import { prepare } from '../activities/prepare.ts';
import { saveActivities } from '../activities/save.ts';
import { Keyring } from '../athletes/keyring.ts';
import { makeLinkKey } from '../athletes/owner.ts';
import { OwnerKeys } from '../athletes/owner-keys.ts';
import { deriveKey } from '../athletes/seal.ts';
import { footprintsOf } from '../database/footprint.ts';
import { createZone } from '../privacy/zones.ts';
import { Shares } from '../shares/shares.ts';
import type { TestServer } from './app.ts';
import { TEST_MASTER_KEY, testAthlete } from './database.ts';
import type { Thing } from './route-table.ts';
import { recordedOuting } from './track-files.ts';

export interface Person {
  id: string;
  /** Their data key. */
  key: Buffer;
  /** Says that it is them. */
  cookie: string;
  /** The name of all that is theirs: found nowhere else. */
  mark: string;
  /** Degrees: each has a country of their own. */
  lng: number;
}

let count = 0;

/** Somebody signed in, with an activity and a key. The server's master key is the tests'. */
export async function newPerson(server: TestServer): Promise<Person> {
  const athlete = await testAthlete(server.app.db);
  const person = {
    ...athlete,
    cookie: await signIn(server, athlete.id),
    mark: `Mark${count++}ed`,
    lng: (Number(athlete.id) * 20) % 180,
  };
  await THINGS.activity.make(server, person);
  await THINGS.key.make(server, person);
  return person;
}

/** Another session of an athlete's: its cookie. */
export async function signIn(server: TestServer, athleteId: string): Promise<string> {
  const key = await makeLinkKey(server.app.db, athleteId);
  const answer = await fetch(`${server.origin}/?key=${key}`, { redirect: 'manual' });
  return answer.headers.getSetCookie().at(-1)!.split(';')[0];
}

/** A key of theirs in use, as it stands in URLs, and its id. */
export async function newKey(
  { app: { db } }: TestServer,
  person: Person,
): Promise<{ id: string; key: string }> {
  const keys = new OwnerKeys({ db, dataKey: async () => person.key, warn: () => {} });
  return keys.create(person.id, person.mark);
}

/** A share of theirs: its key, as it stands in URLs, and its id. */
export async function newShare(
  { app: { db } }: TestServer,
  person: Person,
): Promise<{ id: string; key: string }> {
  const shares = new Shares({ db, dataKey: async () => person.key, publish: async () => {}, warn: () => {} });
  const words = { name: person.mark, filter: {}, palette: {}, viewerFilters: false, embed: false };
  return shares.create(person.id, words, null);
}

const NO_NUMBER = '999999999';
const NO_UUID = '00000000-0000-4000-8000-000000000000';

/** How each kind of thing is made, and an id that none has. */
export const THINGS: Record<
  Thing,
  { make(server: TestServer, person: Person): Promise<string>; unknown: string }
> = {
  activity: {
    unknown: NO_NUMBER,
    async make({ app: { db } }, { id, key, mark, lng }) {
      const seed = count++;
      const deps = { db, keyring: new Keyring(db, TEST_MASTER_KEY), footprints: await footprintsOf(db) };
      const about = {
        digest: createHash('sha256').update(`${seed}`).digest(),
        tagKey: deriveKey(key, 'map'),
        provenance: 'upload' as const,
      };
      const outing = recordedOuting({ seed, name: mark, startedAt: 1.6e9 + seed * 86_400, lng });
      const [{ activityId }] = await saveActivities(deps, id, [prepare(outing, about)]);
      return activityId;
    },
  },
  import: {
    unknown: NO_UUID,
    make: ({ app: { db } }, { id, key }) =>
      new Imports(db, async () => key).create(id, { sources: [], spooled: false }, async () => {}),
  },
  session: {
    unknown: NO_UUID,
    async make(server, { id }) {
      await signIn(server, id);
      const sessions = server.app.db('sessions').where({ athlete_id: id });
      return (await sessions.orderBy('created_at', 'desc').first<{ id: string }>('id')).id;
    },
  },
  key: { unknown: NO_NUMBER, make: async (server, person) => (await newKey(server, person)).id },
  share: { unknown: NO_NUMBER, make: async (server, person) => (await newShare(server, person)).id },
  zone: {
    unknown: NO_NUMBER,
    async make({ app: { db } }, { id, mark }) {
      const deps = { db, keyring: new Keyring(db, TEST_MASTER_KEY), footprints: await footprintsOf(db) };
      return (await createZone(deps, id, { name: mark, lng: 11.25, lat: 47.98, radius: 200 })).id;
    },
  },
};
