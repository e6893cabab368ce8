import type { FastifyRequest } from 'fastify';
import { ANSWERS, Refused } from './answers.ts';
import type { Grant } from './grants.ts';
import type { Cost } from './rate-limits.ts';
import { callOf } from './server.ts';
import type { World } from './world.ts';

/** Who asks: what the athlete behind the token granted. Throws Refused. */
export function grantOf(world: World, request: FastifyRequest, takesParameters: boolean): Grant {
  const [, header] = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
  const { access_token: parameter } = request.query as Record<string, string | undefined>;
  const grant = world.grants.authorize(header ?? (takesParameters ? (parameter ?? null) : null));
  callOf(request).athleteId = grant.athleteId;
  return grant;
}

/** Counts a call of the app's, and turns it away where the app may not call. Throws Refused. */
export function admit({ app, limits }: World, request: FastifyRequest, cost: Cost): void {
  callOf(request).cost = cost;
  if (!limits.take(cost)) throw new Refused(ANSWERS.tooMany);
  if (app.status === 'inactive') throw new Refused(ANSWERS.inactiveApp);
}

/** Checks id and secret of the app. Throws Refused. */
export function checkClient({ app }: World, given: { client_id?: string; client_secret?: string }): void {
  if (given.client_id === undefined) throw new Refused(ANSWERS.missingClient);
  if (given.client_id !== app.clientId) throw new Refused(ANSWERS.unknownClient);
  if (given.client_secret !== app.clientSecret) throw new Refused(ANSWERS.wrongApp);
}
