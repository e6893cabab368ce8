/** A whole server with its owner signed in, as tests of what others see ask it. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gpxFile } from '../demo/gpx-writer.ts';
import type { Share } from '../shares/shares.ts';
import { emptyLine, type RawActivity } from '../tracks/recording.ts';
import type { TestServer } from './app.ts';
import { testServer } from './app.ts';
import { TEST_MASTER_KEY } from './database.ts';
import { until } from './until.ts';

export interface SharingServer extends TestServer {
  /** As the owner, unless other headers are given. */
  ask(method: string, path: string, body?: object | null, headers?: Record<string, string>): Promise<Answer>;
  /** Imports made-up outings and waits until others see what they may of them. */
  add(outings: RawActivity[]): Promise<void>;
  share(words?: object): Promise<Share & { key: string; url: string }>;
  /** Resolves when nothing is left to be made for others. */
  published(): Promise<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: answers are of every shape
export type Answer = { status: number; headers: Headers; body: any; bytes: Buffer };

export async function sharingServer(env: NodeJS.ProcessEnv = {}): Promise<SharingServer> {
  const server = await testServer({ PATHGLOW_MASTER_KEY: TEST_MASTER_KEY.toString('hex'), ...env });
  const { cookie } = await server.signIn();
  let files = 0;
  const ask: SharingServer['ask'] = async (method, path, body = null, headers = { cookie }) => {
    const answer = await fetch(server.origin + path, {
      method,
      headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
      body: body && JSON.stringify(body),
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    const isJson = answer.headers.get('content-type')?.startsWith('application/json');
    return {
      status: answer.status,
      headers: answer.headers,
      bytes,
      body: isJson ? JSON.parse(bytes.toString()) : null,
    };
  };
  const published = () => until(async () => (await ask('GET', '/api/sharing')).body.pending === 0);
  return {
    ...server,
    ask,
    published,
    async add(outings) {
      for (const outing of outings) {
        const file = join(server.dataDir, `outing-${files++}.gpx`);
        await writeFile(file, gpxFile(outing));
        // one by one, so that the same outing gets the same id on every server
        const id = await server.app.importPaths([file]);
        await until(async () => (await server.app.reportOf(id))?.finishedAt);
      }
      await published();
    },
    async share(words = {}) {
      const { status, body } = await ask('POST', '/api/shares', { name: 'A share', ...words });
      assert.equal(status, 201);
      return body;
    },
  };
}

/** An outing along positions in metres east and north of a place, a point about every ten metres, one a second. */
export function outingAlong(
  place: { lng: number; lat: number },
  corners: [east: number, north: number][],
  { startedAt = 1.6e9, sport = 'Ride' } = {},
): RawActivity {
  const line = emptyLine();
  const metre = 1 / 111_195;
  corners.forEach(([east, north], at) => {
    const [toEast, toNorth] = corners[at + 1] ?? [east, north];
    const steps = Math.max(1, Math.round(Math.hypot(toEast - east, toNorth - north) / 10));
    for (let step = 0; step < steps; step++) {
      const x = east + ((toEast - east) * step) / steps;
      const y = north + ((toNorth - north) * step) / steps;
      line.lng.push(place.lng + (x * metre) / Math.cos((place.lat * Math.PI) / 180));
      line.lat.push(place.lat + y * metre);
      line.time.push(startedAt + line.time.length);
      line.altitude.push(500);
    }
  });
  return { sport, name: 'Somewhere', startedAt, lines: [line], virtual: false, planned: false, notes: [] };
}
