/**
 * Who may do what: one line for every route of the product, by the words Fastify knows it by. `server/access.test.ts`
 * finds the routes in Fastify's own table and asks each as nobody, as another athlete, with a session that was ended,
 * with keys where none belongs, and from another site. A route without a line fails that test.
 *
 *   everyone    answers all alike, and tells nothing of anybody's
 *   athlete     answers whoever is signed in, and tells them of their own only
 *   ownerOf     the same, for one thing of theirs, named by `:id`: to others it does not exist
 *   key         opened by the key in its URL, by no session, from any site
 *   share       opened by the key of a share in its URL, by no other key and no session
 *   secret      opened by a secret of the operator's in its URL, whoever asks; without it it does not exist
 *   bearer      opened by a secret of the operator's in the header `Authorization`; to others it does not exist
 *
 * Further parameters of a path are filled in by name from `PARAMETERS`, things for `:id` are made by `THINGS` in
 * `route-fixtures.ts`.
 */

import { existsSync } from 'node:fs';
import { gpxFile } from '../demo/gpx-writer.ts';
import { verifyTokenOf } from '../strava/subscription.ts';
import { recordedOuting } from './track-files.ts';

/** What can be one athlete's own. */
export type Thing = 'activity' | 'import' | 'session' | 'key' | 'zone' | 'share';
export type Secret = 'control' | 'admin';

/** What is said beside who may. */
interface Details {
  /** Sent by all callers: JSON, or a form. */
  body?: object;
  /** `{lng}` stands for where the athlete's activities begin, at 47.98° north. */
  query?: string;
  /** What those who may are answered; default 200. */
  status?: number;
  /** It ends the caller's session, or more: it is asked by an athlete made for it. */
  ends?: boolean;
  /** It is not always there (the viewer has to be built, say). */
  sometimes?: boolean;
  /** What it answers is a page, refusals too. */
  page?: boolean;
  /** What it tells two athletes may well be the same. */
  alike?: boolean;
  /** Answers may be read by pages of other sites. */
  anySite?: boolean;
  /** Further parts of the Content-Security-Policy than the strict one has, and why. */
  loose?: RegExp;
}

export type Rule = Details &
  (
    | { who: 'everyone' | 'athlete' | 'key' | 'share' | 'secret' }
    | { who: 'ownerOf'; thing: Thing }
    | { who: 'bearer'; secret: Secret }
  );

const everyone = (details: Details = {}): Rule => ({ who: 'everyone', ...details });
const athlete = (details: Details = {}): Rule => ({ who: 'athlete', ...details });
const ownerOf = (thing: Thing, details: Details = {}): Rule => ({ who: 'ownerOf', thing, ...details });
const key = (details: Details = {}): Rule => ({ who: 'key', anySite: true, ...details });
const share = (details: Details = {}): Rule => ({ who: 'share', ...details });
const secret = (details: Details = {}): Rule => ({ who: 'secret', ...details });
const bearer = (secret: Secret, details: Details = {}): Rule => ({ who: 'bearer', secret, ...details });

const WARMUP = { athlete: 'all', zooms: [0], sizes: [256], limit: 1 };

/** What the page is answered with before it is built. */
const PAGE = existsSync(new URL('../../client/dist/index.html', import.meta.url)) ? 200 : 503;

export const PASSWORD = 'correct horse battery';
export const WEBHOOK_SECRET = 'the-webhooks-secret-of-this-test';

/** Of an athlete who is not here. */
const NEWS = {
  object_type: 'activity',
  object_id: 1,
  aspect_type: 'create',
  owner_id: 1,
  subscription_id: 1,
  event_time: 1,
};

const uploads = new FormData();
uploads.append('files', new Blob([gpxFile(recordedOuting({ seed: 99 })) as BlobPart]), 'upload.gpx');

const ZONE = { name: 'home', lng: 11.25, lat: 47.98, radius: 200 };

/** The reference's own page starts by an inline script. */
const REFERENCE = {
  loose: /^(script-src|style-src) 'self' 'unsafe-inline'$|^(img-src|font-src) 'self' data:$/,
};

export const PARAMETERS: Record<string, string> = {
  z: '0',
  x: '0',
  y: '0.png',
  picture: 'connect',
  '*': 'favicon.svg',
};

export const ROUTES: Record<string, Rule> = {
  'GET /': everyone({ status: PAGE }),
  'GET /*': everyone({ sometimes: true }),
  'GET /healthz': everyone(),
  'GET /readyz': everyone(),
  'GET /docs': everyone({ ...REFERENCE, status: 301 }),
  'GET /docs/': everyone(REFERENCE),
  'GET /docs/openapi.json': everyone({ ...REFERENCE, anySite: true }),
  'GET /docs/openapi.yaml': everyone({ ...REFERENCE, anySite: true }),
  'GET /docs/js/scalar.js': everyone(REFERENCE),
  'GET /api/viewer': everyone(),

  'GET /auth/state': everyone(),
  'POST /auth/owner': everyone({ body: { password: PASSWORD }, status: 204, ends: true }),
  'POST /auth/logout': everyone({ status: 204, ends: true }),

  'GET /api/me': athlete(),
  'DELETE /api/me': athlete({ ends: true }),
  'GET /api/me/export': athlete(),
  'GET /api/sessions': athlete(),
  'DELETE /api/sessions': athlete({ status: 204, ends: true }),
  'DELETE /api/sessions/:id': ownerOf('session', { status: 204 }),

  'GET /api/activities': athlete(),
  'PATCH /api/activities': athlete({ body: { ids: ['1'], hidden: true } }),
  'DELETE /api/activities': athlete({ body: { ids: ['999999999'] } }),
  'PATCH /api/activities/:id': ownerOf('activity', { body: { hidden: true }, status: 204 }),
  'GET /api/activities/calendar': athlete(),
  'GET /api/activities/near': athlete({ query: 'lng={lng}&lat=47.98&zoom=12' }),
  'GET /api/activities/:id/track': ownerOf('activity', { query: 'zoom=12' }),
  'DELETE /api/activities/:id': ownerOf('activity', { status: 204 }),
  'POST /api/imports': athlete({ body: uploads, status: 202 }),
  'GET /api/imports/:id': ownerOf('import'),
  'GET /api/imports/:id/files': ownerOf('import'),
  'GET /api/status': athlete(),
  'GET /api/status/events': athlete(),

  'GET /api/zones': athlete(),
  'GET /api/zones/suggestions': athlete({ alike: true }),
  'POST /api/zones': athlete({ body: ZONE, status: 201 }),
  'PATCH /api/zones/:id': ownerOf('zone', { body: { radius: 300 } }),
  'DELETE /api/zones/:id': ownerOf('zone', { status: 204 }),
  'GET /api/me/privacy': athlete({ alike: true }),
  'PATCH /api/me/privacy': athlete({ body: { hideFirst: 300 } }),

  'GET /api/keys': athlete(),
  'POST /api/keys': athlete({ body: { name: 'JOSM' }, status: 201 }),
  'PATCH /api/keys/:id': ownerOf('key', { body: { name: 'JOSM again' }, status: 204 }),
  'DELETE /api/keys/:id': ownerOf('key', { status: 204 }),

  'GET /auth/strava': everyone({ status: 302 }),
  'GET /auth/strava/callback': everyone({ status: 303 }),
  // nobody has put any there
  'GET /strava/:picture': everyone({ status: 404 }),
  // of somebody who is not connected
  'POST /api/sync': athlete({ status: 409 }),
  'DELETE /api/strava': athlete({ status: 409 }),

  'GET /api/sharing': athlete({ alike: true }),
  'GET /api/shares': athlete(),
  'POST /api/shares': athlete({ body: { name: 'for a friend' }, status: 201 }),
  'PATCH /api/shares/:id': ownerOf('share', { body: { name: 'for all friends' } }),
  'DELETE /api/shares/:id': ownerOf('share', { status: 204 }),
  'GET /api/shared/:key': share(),
  'GET /s/:key': share({ page: true, status: PAGE }),
  'GET /s/:key/preview.png': share(),

  'GET /tiles/public/:z/:x/:y': athlete({ alike: true }),
  'GET /tiles/public/tile.json': athlete({ alike: true }),
  'GET /tiles/public/tile@2x.json': athlete({ alike: true }),
  'GET /tiles/public/wmts': athlete({ alike: true }),
  'GET /tiles/me/:z/:x/:y': athlete(),
  'GET /tiles/me/tile.json': athlete(),
  'GET /tiles/me/tile@2x.json': athlete(),
  'GET /tiles/me/wmts': athlete(),
  'GET /tiles/token/:key/:z/:x/:y': key(),
  'GET /tiles/token/:key/tile.json': key(),
  'GET /tiles/token/:key/tile@2x.json': key(),
  'GET /tiles/token/:key/wmts': key(),
  'GET /api/poster.png': athlete({ query: 'west=-170&south=-60&east=170&north=60&dpi=50' }),

  'POST /control/links': bearer('control'),
  'POST /control/imports': bearer('control', { body: { paths: ['/nowhere'] }, status: 202 }),
  'GET /control/imports/:id': bearer('control', { status: 404 }),
  'POST /control/master-key': bearer('control'),
  'GET /control/database': bearer('control'),
  'GET /control/export': bearer('control'),
  'POST /control/rebuild': bearer('control', { status: 202 }),
  'POST /control/strava-webhook': bearer('control', { body: { action: 'create' } }),
  'GET /webhooks/strava/:secret': secret({
    query: `hub.mode=subscribe&hub.challenge=1&hub.verify_token=${verifyTokenOf(WEBHOOK_SECRET)}`,
  }),
  'POST /webhooks/strava/:secret': secret({ body: NEWS }),
  'POST /control/warmups': bearer('control', { body: { ...WARMUP, box: null }, status: 202 }),
  'GET /control/warmups/:id': bearer('control', { status: 404 }),

  'POST /admin/warmup': bearer('admin', { body: WARMUP, status: 202 }),
  'GET /admin/jobs': bearer('admin'),
  'GET /admin/jobs/:id': bearer('admin', { status: 404 }),
  'DELETE /admin/jobs/:id': bearer('admin', { status: 404 }),
  'GET /admin/athletes': bearer('admin', { query: 'box=-180,-80,180,80' }),
  'GET /admin/stats': bearer('admin'),
  'GET /metrics': bearer('admin'),
};
