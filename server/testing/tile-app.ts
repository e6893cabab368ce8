/** A server of tiles alone, for an athlete with some sample activities. */
import Fastify, { type FastifyInstance } from 'fastify';
import { HttpError, handleError } from '../http/errors.ts';
import { type OpenKey, ownMap, type TileMap } from '../tiles/map.ts';
import { tileRoutes } from '../tiles/routes.ts';
import { testAthlete, testDatabase } from './database.ts';
import { sampleActivity, seeded } from './sample-activities.ts';
import { storeActivity } from './store-activities.ts';
import { testTiles } from './tile-service.ts';

export interface TestTileApp {
  app: FastifyInstance;
  close(): Promise<void>;
}

export interface TestTileAppOptions {
  activities: number;
  publicUrl: string;
  /** Whether something of it came from Strava; no when left out. */
  fromStrava?: boolean;
  /** What keys open, given the athlete's own map. */
  maps(own: TileMap): Record<string, TileMap>;
}

/** Whoever sends a cookie, any, is the athlete. */
export async function testTileApp({
  activities,
  publicUrl,
  fromStrava = false,
  maps,
}: TestTileAppOptions): Promise<TestTileApp> {
  const database = await testDatabase();
  const athlete = await testAthlete(database.db);
  const random = seeded(33);
  for (let at = 0; at < activities; at++)
    await storeActivity(database.db, athlete, sampleActivity('', random));
  const ends: (() => unknown)[] = [];
  const { tiles } = await testTiles(
    { after: (end) => void ends.push(end as () => unknown) },
    { db: database.db, athletes: [athlete] },
  );
  const opened = new Map(Object.entries(maps(ownMap(athlete.id))));
  const openKey: OpenKey = async (key) => opened.get(key) ?? null;
  const app = Fastify();
  app.setErrorHandler(handleError);
  app.decorateRequest('athleteId', '');
  await app.register(tileRoutes, {
    tiles,
    publicUrl,
    requireAthlete: async (request) => {
      if (!request.headers.cookie) throw new HttpError('signed_out');
      request.athleteId = athlete.id;
    },
    openKey,
    fromStrava: async () => fromStrava,
  });
  return {
    app,
    async close() {
      await app.close();
      for (const end of ends) await end();
      await database.drop();
    },
  };
}
