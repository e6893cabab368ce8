/** The website, as far as the product links to it, and where an athlete does what the product has to notice. */
import type { FastifyPluginAsync, FastifyReply } from 'fastify';
import type { NewActivity } from './activity.ts';
import { parametersOf } from './server.ts';
import { activityPage, homePage, missingPage } from './website-pages.ts';
import type { World } from './world.ts';

export interface WebsiteOptions {
  world: World;
  /** What an athlete records next. */
  outings: Iterator<NewActivity>;
}

export const websiteRoutes: FastifyPluginAsync<WebsiteOptions> = async (www, { world, outings }) => {
  const { accounts, grants, limits, choices, clock, app } = world;

  const html = (reply: FastifyReply, text: string) => reply.type('text/html; charset=utf-8').send(text);
  const home = (reply: FastifyReply) => reply.redirect('/', 303);

  www.get('/', async (_request, reply) => {
    const athlete = accounts.athlete(choices.signedIn);
    if (!athlete) return html(reply.code(404), missingPage());
    return html(
      reply,
      homePage({
        athlete,
        athletes: accounts.athletes,
        activities: accounts.activitiesOf(athlete.id),
        scopes: grants.of(athlete.id)?.scopes ?? null,
        used: limits.used.read,
        limits: app.limits.read,
      }),
    );
  });

  // where "manage your apps" leads
  www.get('/settings/apps', async (_request, reply) => home(reply));

  www.get<{ Params: { id: string } }>('/activities/:id', async (request, reply) => {
    const activity = accounts.activity(Number(request.params.id));
    return activity ? html(reply, activityPage(activity)) : html(reply.code(404), missingPage());
  });

  www.post('/be', async (request, reply) => {
    const id = Number(parametersOf(request).athlete);
    if (accounts.athlete(id)) choices.signedIn = id;
    return home(reply);
  });

  www.post('/record', async (_request, reply) => {
    const next = outings.next();
    if (!next.done) accounts.add(choices.signedIn, recordedNow(next.value, clock.now()));
    return home(reply);
  });

  www.post('/revoke', async (_request, reply) => {
    world.deauthorize(choices.signedIn);
    return home(reply);
  });

  www.post<{ Params: { id: string; change: string } }>('/activities/:id/:change', async (request, reply) => {
    const id = Number(request.params.id);
    if (!accounts.activity(id)) return html(reply.code(404), missingPage());
    switch (request.params.change) {
      case 'hide':
        accounts.edit(id, { visibility: 'only_me' });
        break;
      case 'show':
        accounts.edit(id, { visibility: 'everyone' });
        break;
      case 'rename':
        accounts.edit(id, { name: parametersOf(request).name });
        break;
      case 'delete':
        accounts.remove(id);
        break;
      default:
        return html(reply.code(404), missingPage());
    }
    return home(reply);
  });
};

/** An outing that has just ended, whenever it was made up. */
export function recordedNow(outing: NewActivity, now: number): NewActivity {
  const { raw } = outing;
  if (!raw) return { ...outing, startedAt: Math.floor(now / 1000) };
  const last = raw.lines.at(-1)?.time.at(-1) ?? raw.startedAt ?? 0;
  const later = Math.floor(now / 1000) - last;
  return {
    ...outing,
    visibility: 'everyone',
    raw: {
      ...raw,
      startedAt: (raw.startedAt ?? last) + later,
      lines: raw.lines.map((line) => ({ ...line, time: line.time.map((time) => time + later) })),
    },
  };
}
