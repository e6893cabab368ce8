import underPressure from '@fastify/under-pressure';
import { calendarRoutes } from './activities/calendar-routes.ts';
import { exportRoutes } from './activities/export-routes.ts';
import { importRoutes } from './activities/import-routes.ts';
import { idsWithin } from './activities/near.ts';
import { nearRoutes } from './activities/near-routes.ts';
import { summarise } from './activities/queries.ts';
import { activityRoutes } from './activities/routes.ts';
import { metricsRoutes } from './admin/metrics.ts';
import { adminRoutes } from './admin/routes.ts';
import { accountRoutes } from './athletes/account-routes.ts';
import { keyRoutes } from './athletes/key-routes.ts';
import { athleteRoutes, requireAthlete, signInByLink } from './athletes/routes.ts';
import { healthRoutes } from './http/health.ts';
import { describeRoutes } from './http/reference.ts';
import { viewerRoutes } from './http/viewer.ts';
import { type Filter, matches } from './index/filter.ts';
import { readLabels } from './index/stored.ts';
import type { Subject } from './index/subject.ts';
import { countJobs } from './jobs/jobs.ts';
import type { Parts } from './parts.ts';
import { posterRoutes } from './posters/routes.ts';
import { privacyRoutes } from './privacy/routes.ts';
import { shareRoutes } from './shares/routes.ts';
import { visitorRoutes } from './shares/visitor-routes.ts';
import { tileRoutes } from './tiles/routes.ts';
import { version } from './version.ts';
import type { Work } from './work.ts';

/** Where links to activities lead that came with Strava's ids in files. */
const STRAVA_WEBSITE = 'https://www.strava.com';

/** Every URL of the product. */
export async function registerRoutes(parts: Parts, work: Work): Promise<void> {
  const {
    db,
    keyring,
    dataKey,
    owner,
    server,
    isSignedIn,
    imports,
    status,
    indexes,
    spool,
    threads,
    metrics,
    tiles,
    ownerKeys,
    publishFor,
    shares,
    openKey,
    footprints,
    warmup,
    writeDeps,
    removeAthlete,
    settings,
    publicUrl,
    shareStravaApi,
    strava,
    longestDelay,
    config,
  } = parts;
  const { enqueueImport } = work;
  await describeRoutes(server, version);
  await server.register(healthRoutes, { db });
  await server.register(athleteRoutes, {
    owner,
    ownerPassword: config.ownerPassword,
    strava: async () => (await strava?.seats()) ?? null,
  });
  await strava?.register(server);
  await server.register(accountRoutes, {
    db,
    requireAthlete,
    remove: (athleteId) => (strava ? strava.leaveAltogether(athleteId) : removeAthlete(athleteId)),
  });
  await server.register(viewerRoutes, {
    basemap: config.basemap,
    googleMapsKey: config.googleMapsKey,
    version,
    signInByLink: (request, key) => signInByLink(db, request, key),
  });
  const stravaWebsite = config.strava?.websiteUrl ?? STRAVA_WEBSITE;
  await server.register(activityRoutes, {
    ...writeDeps,
    requireAthlete,
    idsWithin: (athleteId, box) => idsWithin(indexes, athleteId, box),
    home: (athleteId) => tiles.view({ athleteId, geometry: 'own' }),
    shareStravaApi,
    stravaWebsite,
    connection: async (athleteId) => (await strava?.connection(athleteId)) ?? null,
  });
  await server.register(nearRoutes, { db, indexes, dataKey, stravaWebsite, requireAthlete });
  await server.register(calendarRoutes, { db, shareStravaApi, requireAthlete });
  await server.register(importRoutes, {
    keyring,
    imports,
    spool,
    status,
    enqueue: enqueueImport,
    requireAthlete,
    isSignedIn,
  });
  await server.register(privacyRoutes, { ...writeDeps, requireAthlete });
  await server.register(keyRoutes, { keys: ownerKeys, requireAthlete });
  await server.register(shareRoutes, {
    db,
    shares,
    shareStravaApi,
    publish: (athleteId) => publishFor(db, athleteId),
    requireAthlete,
    publicUrl,
  });
  const fromStrava = async (subject: Subject, filter: Filter) => {
    const labels = await readLabels({ db, ...subject, shareStravaApi }, 'strava_api');
    return labels.some((one) => matches(filter, one));
  };
  await server.register(visitorRoutes, {
    db,
    shares,
    shareStravaApi,
    tiles,
    publicIndexOf: (athleteId) => indexes.current(athleteId, 'fine', 'public'),
    drawTones: threads.renderTones,
    fromStrava,
    publicUrl,
    withGoogle: config.googleMapsKey !== null,
  });
  // tiles come in masses: where there are more than can be answered in time, they give way to all else
  await server.register(async (masses) => {
    await masses.register(underPressure, { maxEventLoopDelay: longestDelay, retryAfter: 1 });
    await masses.register(tileRoutes, {
      tiles,
      publicUrl,
      requireAthlete,
      openKey,
      fromStrava,
    });
  });
  await server.register(exportRoutes, { db, dataKey, settings, requireAthlete });
  await server.register(posterRoutes, {
    requireAthlete,
    indexOf: (athleteId) => indexes.current(athleteId, 'fine'),
    sportsOf: async (athleteId) => (await summarise(db, athleteId))?.sports ?? [],
    exposure: (athleteId, filter, zoom) => tiles.exposure({ athleteId, geometry: 'own' }, filter, zoom),
    drawTones: threads.renderTones,
  });

  await server.register(metricsRoutes, { registry: metrics.registry, token: config.adminToken });
  await server.register(adminRoutes, {
    token: config.adminToken,
    warmup,
    athletesIn: (box) => footprints.athletesIn(db, box),
    stats: async () => ({ ...tiles.figures(), jobs: await countJobs(db) }),
  });
}
