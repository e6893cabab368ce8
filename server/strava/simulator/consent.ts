/** What an athlete does on the consent page, without a browser. */
export interface Consent {
  /** Who; default: who is signed in at the website. */
  athleteId?: number;
  deny?: boolean;
  /** Scopes whose tick is taken away. */
  untick?: readonly string[];
}

/** Answers where the athlete is sent back to. Rejects where Strava shows a page of its own instead. */
export async function consent(authorizeUrl: string, decision: Consent = {}): Promise<URL> {
  const url = new URL(authorizeUrl);
  if (decision.athleteId !== undefined) url.searchParams.set('athlete', String(decision.athleteId));
  const shown = await fetch(url, { redirect: 'manual' });
  if (shown.status !== 200) return sentBack(shown);
  await shown.body?.cancel();
  const form = new URLSearchParams(url.searchParams);
  form.set('decision', decision.deny ? 'cancel' : 'authorize');
  for (const scope of (url.searchParams.get('scope') ?? '').split(',')) {
    if (!decision.untick?.includes(scope)) form.set(`allow ${scope}`, 'on');
  }
  return sentBack(
    await fetch(new URL('/oauth/authorize', url), { method: 'POST', body: form, redirect: 'manual' }),
  );
}

async function sentBack(answer: Response): Promise<URL> {
  const location = answer.headers.get('location');
  if (location === null) throw new Error(`no way back, but ${answer.status}: ${await answer.text()}`);
  await answer.body?.cancel();
  return new URL(location);
}
