/** Consent, tokens and their end. */
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { SCOPES } from './accounts.ts';
import { ANSWERS, Refused } from './answers.ts';
import { admit, checkClient, grantOf } from './api-auth.ts';
import { athleteJson } from './athlete.ts';
import { capacityPage, consentPage } from './consent-page.ts';
import type { Grant } from './grants.ts';
import { parametersOf } from './server.ts';
import type { World } from './world.ts';

export const oauthRoutes: FastifyPluginAsync<{ world: World }> = async (www, { world }) => {
  const { app, accounts, grants, choices, clock } = world;

  const asked = (request: FastifyRequest) => {
    const given = parametersOf(request);
    if (given.client_id !== app.clientId) throw new Refused(ANSWERS.unknownClient);
    if (!isCallback(given.redirect_uri, app.callbackDomain)) throw new Refused(ANSWERS.wrongRedirect);
    if (given.response_type !== 'code') throw new Refused(ANSWERS.wrongResponseType);
    const scopes = (given.scope ?? '').split(',');
    if (!scopes.every((scope) => SCOPES.includes(scope))) throw new Refused(ANSWERS.wrongScope);
    const athlete = accounts.athlete(Number(given.athlete ?? choices.signedIn));
    if (!athlete) throw new Error('nobody of that number has an account at the simulated Strava');
    return { given, scopes, athlete };
  };

  /** Whether the app may have one athlete more. */
  const hasRoomFor = (athleteId: number) =>
    grants.of(athleteId) !== undefined || grants.connected.length < app.capacity;

  const goBack = (reply: FastifyReply, given: Record<string, string>, answer: Record<string, string>) => {
    const back = new URL(given.redirect_uri);
    back.searchParams.set('state', given.state ?? '');
    for (const [key, value] of Object.entries(answer)) back.searchParams.set(key, value);
    return reply.redirect(back.href, 302);
  };

  const approve = (
    reply: FastifyReply,
    given: Record<string, string>,
    athleteId: number,
    scopes: readonly string[],
  ) => {
    const code = grants.approve(athleteId, scopes, given.code_challenge ?? null);
    return goBack(reply, given, { code, scope: scopes.join() });
  };

  const full = (reply: FastifyReply) => reply.code(403).type('text/html; charset=utf-8').send(capacityPage());

  for (const path of ['/oauth/authorize', '/oauth/mobile/authorize']) {
    www.get(path, async (request, reply) => {
      const { given, scopes, athlete } = asked(request);
      if (!hasRoomFor(athlete.id)) return full(reply);
      const granted = grants.of(athlete.id)?.scopes;
      const isGranted = granted !== undefined && scopes.every((scope) => granted.includes(scope));
      if (choices.autoApprove || (isGranted && given.approval_prompt !== 'force')) {
        return approve(reply, given, athlete.id, scopes);
      }
      const page = consentPage({ given, scopes, athlete, others: accounts.athletes });
      return reply.type('text/html; charset=utf-8').send(page);
    });
  }

  www.post('/oauth/authorize', async (request, reply) => {
    const { given, scopes, athlete } = asked(request);
    if (given.decision !== 'authorize') return goBack(reply, given, { error: 'access_denied' });
    if (!hasRoomFor(athlete.id)) return full(reply);
    const ticked = scopes.filter((scope) => given[`allow ${scope}`] !== undefined);
    return approve(reply, given, athlete.id, ticked);
  });

  www.post('/oauth/token', async (request) => {
    const given = parametersOf(request);
    checkClient(world, given);
    switch (given.grant_type) {
      case 'authorization_code': {
        const grant = grants.exchange(given.code ?? '', given.code_verifier);
        const athlete = accounts.athlete(grant.athleteId)!;
        return { ...tokens(grant), athlete: athleteJson(athlete, { website: world.websiteUrl() }) };
      }
      case 'refresh_token':
        return tokens(grants.refresh(given.refresh_token ?? ''));
      default:
        throw new Refused(ANSWERS.wrongGrantType);
    }
  });

  www.post('/oauth/deauthorize', async (request) => {
    const grant = grantOf(world, request, choices.tokenParameters);
    admit(world, request, 'overall');
    world.deauthorize(grant.athleteId);
    return { access_token: grant.accessToken };
  });

  www.post('/oauth/revoke', async (request, reply) => {
    const [, basic = ''] = /^Basic (\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
    const [client_id, client_secret] = Buffer.from(basic, 'base64').toString().split(':');
    checkClient(world, { client_id: client_id || undefined, client_secret });
    admit(world, request, 'overall');
    const athleteId = grants.ownerOf(parametersOf(request).token ?? '');
    // as RFC 7009 has it: what is not known any more is revoked already
    if (athleteId !== null) world.deauthorize(athleteId);
    return reply.code(200).send({});
  });

  function tokens({ accessToken, refreshToken, expiresAt }: Grant): Record<string, unknown> {
    const [expires_at, now] = [expiresAt, clock.now()].map((ms) => Math.floor(ms / 1000));
    return {
      token_type: 'Bearer',
      expires_at,
      expires_in: expires_at - now,
      refresh_token: refreshToken,
      access_token: accessToken,
    };
  }
};

/** The app's domain, or below it; while developing also the machine itself. */
function isCallback(redirectUri: string | undefined, domain: string): boolean {
  if (redirectUri === undefined || !URL.canParse(redirectUri)) return false;
  const { hostname } = new URL(redirectUri);
  if (['localhost', '127.0.0.1'].includes(hostname)) return true;
  return hostname === domain || hostname.endsWith(`.${domain}`);
}
