import type { Control } from '../data-folder.ts';
import { type FolderInUse, readControl } from '../data-folder.ts';
import type { SubscriptionAction, SubscriptionReport } from '../strava/subscription-command.ts';
import type { WarmupRequest } from '../warmup/warmup.ts';
import type { ImportReport, WarmupReport } from './control.ts';

/** The running server that has a data folder, as a command talks to it. */
export interface RunningServer {
  link(): Promise<string>;
  import(paths: readonly string[]): Promise<string>;
  /** Has everything drawn anew, in the background. */
  rebuild(): Promise<void>;
  /** Changes the master key in its data folder. */
  rotateMasterKey(): Promise<void>;
  /** The URL of its database. */
  database(): Promise<string>;
  /** Everything the owner has, as a zip file. */
  export(): Promise<AsyncIterable<Uint8Array>>;
  /** Draws tiles ahead; answers the warm-up's id. */
  warm(request: WarmupRequest): Promise<string>;
  warmup(id: string): Promise<WarmupReport | null>;
  stravaWebhook(action: SubscriptionAction): Promise<SubscriptionReport>;
  report(importId: string): Promise<ImportReport | null>;
}

/** Finds the server that has the folder; `busy` is what taking the folder threw. */
export async function runningServer(folder: string, busy: FolderInUse): Promise<RunningServer> {
  const control = await readControl(folder);
  if (control === null) throw busy;
  return {
    link: async () => (await ask<{ link: string }>(control, 'POST', '/control/links')).link,
    import: async (paths) =>
      (await ask<{ id: string }>(control, 'POST', '/control/imports', { body: { paths } })).id,
    rebuild: async () => {
      await ask(control, 'POST', '/control/rebuild');
    },
    rotateMasterKey: async () => {
      await ask(control, 'POST', '/control/master-key', { patience: null });
    },
    database: async () => (await ask<{ url: string }>(control, 'GET', '/control/database')).url,
    export: async () => (await send(control, 'GET', '/control/export', { patience: null })).body!,
    warm: async (request) =>
      (await ask<{ id: string }>(control, 'POST', '/control/warmups', { body: request })).id,
    warmup: (id) => ask<WarmupReport>(control, 'GET', `/control/warmups/${id}`),
    stravaWebhook: (action) =>
      ask(control, 'POST', '/control/strava-webhook', { body: { action }, patience: null }),
    report: (importId) => ask<ImportReport>(control, 'GET', `/control/imports/${importId}`),
  };
}

interface Request {
  body?: object;
  /** Milliseconds that the answer may take; null: as long as it takes. */
  patience?: number | null;
}

/** Far more than a server takes that does anything at all. */
const PATIENCE = 15_000;

async function ask<Answer>(
  control: Control,
  method: string,
  path: string,
  request?: Request,
): Promise<Answer> {
  return (await send(control, method, path, request)).json() as Answer;
}

async function send(
  control: Control,
  method: string,
  path: string,
  { body, patience = PATIENCE }: Request = {},
): Promise<Response> {
  const headers: Record<string, string> = { authorization: `Bearer ${control.secret}` };
  if (body) headers['content-type'] = 'application/json';
  let answer: Response;
  try {
    const signal = patience === null ? undefined : AbortSignal.timeout(patience);
    answer = await fetch(control.url + path, { method, headers, body: body && JSON.stringify(body), signal });
  } catch (error) {
    const isLate = (error as Error).name === 'TimeoutError';
    const maybe = isLate ? ' It may still do what it was asked.' : '';
    throw new Error(
      `The running server (process ${control.pid}) does not answer at ${control.url}.${maybe}`,
      { cause: error },
    );
  }
  if (!answer.ok) throw new Error(`The running server refused: ${answer.status} ${await answer.text()}`);
  return answer;
}
