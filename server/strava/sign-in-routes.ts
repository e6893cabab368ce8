import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import fastifyOauth2, { type OAuth2Namespace } from '@fastify/oauth2';
import rateLimit from '@fastify/rate-limit';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { baseUrl, isEqualSecret, isSameOrigin } from '../http/guards.ts';
import type { Consent } from './accounts.ts';
import type { Admission } from './admission.ts';
import { faultOf, type StravaFault } from './faults.ts';
import { type AppCredentials, tokensOf } from './grants.ts';
import { readGrant } from './shapes.ts';

declare module 'fastify' {
  interface FastifyInstance {
    stravaConsent: OAuth2Namespace;
  }
  interface FastifyRequest {
    /** What somebody who is led to Strava wants with what is not public; null: what they wanted before. */
    wantsPrivate: boolean | null;
  }
}

export interface SignInRoutesOptions {
  app: AppCredentials;
  /** Where browsers reach this server; null: by the name they ask for it. */
  publicUrl: string | null;
  /** Begins the names of cookies: two servers on one host share a browser's. */
  cookieName: string;
  /**
   * Whether somebody, named by their number at Strava, wants what is not public on their map, as they said before. If
   * so they are sent to Strava once more, and may never come back: what their consent gave so far is kept.
   */
  wantsPrivate(consent: Consent): Promise<boolean>;
  /** Decides whom a consent signs in. */
  admit(consent: Consent, signedIn: string | null): Promise<Admission>;
  signIn(request: FastifyRequest, athleteId: string): Promise<void>;
  /** There is something to read from Strava. */
  wake(): Promise<void>;
  /** Unix milliseconds. */
  now(): number;
  /** Milliseconds after which a code that Strava does not know yet is tried once more. */
  secondTry?: number;
}

/**
 * What the page is told by `/?strava=…` when somebody comes back: `connected`; `denied`: they declined; `scope`: they
 * did not let us see activities; `expired`: it took too long, or was begun in another browser; `unavailable`: Strava
 * does not answer; `misconfigured`: it does not know this application; or why they were not admitted.
 */
type Outcome =
  | 'connected'
  | 'denied'
  | 'scope'
  | 'expired'
  | 'unavailable'
  | 'misconfigured'
  | 'taken'
  | 'other'
  | 'full';

const PUBLIC_ONLY = 'read,activity:read';
const PRIVATE_TOO = 'read,activity:read_all';
/** What somebody who comes back has asked for is told by the end of the state: a wish, or none. */
const WISHES = { true: '.private', false: '.public' } as const;
const SECOND_TRY = 2000;
const PATIENCE = 20_000;

/** Signing in with Strava, or connecting the map one is signed in to. */
export const signInRoutes: FastifyPluginAsyncTypebox<SignInRoutesOptions> = async (server, options) => {
  const { app, publicUrl, cookieName } = options;
  const stateCookie = `${cookieName}_strava_state`;
  const { origin, pathname } = new URL(app.oauthUrl);
  server.decorateRequest('wantsPrivate', null);
  await server.register(fastifyOauth2, {
    name: 'stravaConsent',
    credentials: {
      client: { id: app.clientId, secret: app.clientSecret },
      auth: {
        authorizeHost: origin,
        authorizePath: `${pathname}/authorize`,
        tokenHost: origin,
        tokenPath: `${pathname}/token`,
      },
      http: { timeout: PATIENCE },
      options: { authorizationMethod: 'body' },
    },
    callbackUri: (request) => `${baseUrl(request, publicUrl)}/auth/strava/callback`,
    callbackUriParams: { approval_prompt: 'auto' },
    // Strava says nothing of it; who does not know these parameters has to pass over them (RFC 6749, 3.1 and 3.2)
    pkce: 'S256',
    cookie: { path: '/auth/strava', secure: 'auto', maxAge: 3600 },
    generateStateFunction: ({ wantsPrivate }: FastifyRequest) => {
      const wish = wantsPrivate === null ? '' : WISHES[`${wantsPrivate}`];
      return randomBytes(16).toString('base64url') + wish;
    },
    checkStateFunction: async ({ query, cookies }: FastifyRequest) => {
      const { state } = query as { state?: string };
      const expected = cookies[stateCookie];
      if (!state || !expected || !isEqualSecret(state, expected)) throw new Error('Invalid state');
      return true;
    },
    redirectStateCookieName: stateCookie,
    verifierCookieName: `${cookieName}_strava_verifier`,
  });
  await server.register(rateLimit, { max: 60, timeWindow: '1 minute' });

  server.get(
    '/auth/strava',
    {
      schema: {
        tags: ['sign-in'],
        description:
          'Leads to Strava, to ask for consent; `private` asks for activities that are not public, too, or no longer. Without it, or on a link of another site, it is as it was before.',
        querystring: Type.Object({ private: Type.Optional(Type.Boolean()) }),
        response: { 302: Type.Null() },
      },
    },
    async (request, reply) => {
      // where Strava need not ask, a link is enough to change what is chosen: only one of ours may
      const wish = isSameOrigin(request, publicUrl) ? request.query.private : undefined;
      const url = await consentUrl(request, reply, wish ?? null);
      return reply.header('cache-control', 'no-store').redirect(url);
    },
  );

  server.get(
    '/auth/strava/callback',
    {
      schema: {
        tags: ['sign-in'],
        description: 'Where Strava sends back to.',
        querystring: Type.Object({
          state: Type.Optional(Type.String({ maxLength: 200 })),
          code: Type.Optional(Type.String({ maxLength: 200 })),
          scope: Type.Optional(Type.String({ maxLength: 500 })),
          error: Type.Optional(Type.String({ maxLength: 200 })),
        }),
        response: { 303: Type.Null() },
      },
    },
    async (request, reply) => {
      const outcome = await comeBack(request);
      reply.header('cache-control', 'no-store');
      if (outcome === 'ask_again') return reply.redirect(await consentUrl(request, reply, true), 303);
      reply.clearCookie(stateCookie, { path: '/auth/strava' });
      reply.clearCookie(`${cookieName}_strava_verifier`, { path: '/auth/strava' });
      return reply.redirect(`/?strava=${outcome}`, 303);
    },
  );

  /** Where Strava asks for consent, in words of ours; the browser is given what it has to come back with. */
  async function consentUrl(
    request: FastifyRequest,
    reply: FastifyReply,
    wantsPrivate: boolean | null,
  ): Promise<string> {
    request.wantsPrivate = wantsPrivate;
    const url = new URL(await server.stravaConsent.generateAuthorizationUri(request, reply));
    url.searchParams.set('scope', wantsPrivate ? PRIVATE_TOO : PUBLIC_ONLY);
    return url.href;
  }

  async function comeBack(
    request: FastifyRequest<{
      Querystring: { state?: string; code?: string; scope?: string; error?: string };
    }>,
  ): Promise<Outcome | 'ask_again'> {
    const { state = '', code, scope = '', error } = request.query;
    if (error !== undefined) return 'denied';
    if (code === undefined) return 'expired';
    // what is granted is told here alone, and may be less than was asked for
    const scopes = scope.split(/[ ,]/);
    const isGranted = scopes.includes('activity:read_all');
    if (!isGranted && !scopes.includes('activity:read')) return 'scope';
    const grant = await exchange(request);
    if ('failed' in grant) return grant.failed;
    const { athlete } = grant;
    if (!athlete) return 'unavailable';
    const name = [athlete.firstname, athlete.lastname].filter(Boolean).join(' ');
    const consent: Consent = {
      stravaAthleteId: String(athlete.id),
      clientId: app.clientId,
      name: name || null,
      scopes,
      private: isGranted && !state.endsWith(WISHES.false),
      tokens: tokensOf(grant, options.now()),
    };
    // who signs in again has not changed their mind
    const hasWish = Object.values(WISHES).some((wish) => state.endsWith(wish));
    if (!isGranted && !hasWish && (await options.wantsPrivate(consent))) return 'ask_again';
    const admission = await options.admit(consent, request.session.athleteId ?? null);
    if ('refused' in admission) return admission.refused;
    await options.signIn(request, admission.athleteId);
    await options.wake();
    return 'connected';
  }

  /** Strava may know a new code only a moment later, so one it does not know is tried again, once. */
  async function exchange(
    request: FastifyRequest,
  ): Promise<ReturnType<typeof readGrant> | { failed: Outcome }> {
    for (const isLast of [false, true]) {
      try {
        const { token } = await server.stravaConsent.getAccessTokenFromAuthorizationCodeFlow(request);
        return readGrant(token);
      } catch (error) {
        const fault = exchangeFault(error);
        if (fault === 'state') return { failed: 'expired' };
        // the words of an answer that could not be read may hold a token
        request.log.warn(
          { reason: fault?.message ?? 'no answer that could be read' },
          'a sign-in with Strava failed',
        );
        if (fault?.kind === 'wrong_app' || fault?.kind === 'unauthorized') return { failed: 'misconfigured' };
        if (fault?.kind !== 'wrong_code') return { failed: 'unavailable' };
        if (!isLast) await wait(options.secondTry ?? SECOND_TRY);
      }
    }
    return { failed: 'expired' };
  }
};

/** What the plugin throws, in our words; `state`: this browser did not begin it. Null: no answer of Strava's. */
function exchangeFault(error: unknown): StravaFault | 'state' | null {
  const { message, output, data } = error as {
    message?: string;
    output?: { statusCode?: number };
    data?: { isResponseError?: boolean; payload?: unknown };
  };
  if (message === 'Invalid state') return 'state';
  if (!data?.isResponseError || output?.statusCode === undefined) return null;
  return faultOf(output.statusCode, data.payload);
}
