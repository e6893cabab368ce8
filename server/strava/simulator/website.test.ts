import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { hear, stravaSession } from '../../testing/strava-session.ts';
import { recordedOuting } from '../../testing/track-files.ts';
import { type Simulator, startSimulator } from './simulator.ts';

let strava: Simulator;

afterEach(() => strava.close());

test('an athlete records, renames, hides, shows and deletes on the website, and takes permission back', async () => {
  strava = await startSimulator({ outings: [{ raw: recordedOuting() }].values() });
  const { athleteId } = await stravaSession(strava);
  const press = async (path: string, form: Record<string, string> = {}) => {
    const body = new URLSearchParams(form);
    const { status } = await hear(`${strava.websiteUrl}${path}`, { method: 'POST', body });
    return status;
  };
  const own = () => strava.accounts.activitiesOf(athleteId);
  assert.equal(await press('/record'), 303);
  const [{ id, startedAt, recorded }] = own();
  const now = strava.clock.now() / 1000;
  assert.equal(startedAt + recorded!.time.at(-1)!, now, 'it has just ended');
  assert.equal(await press('/record'), 303);
  assert.equal(own().length, 1, 'nothing else was made up');
  await press(`/activities/${id}/rename`, { name: 'A <b>bold</b> name' });
  await press(`/activities/${id}/hide`);
  assert.deepEqual([own()[0].name, own()[0].visibility], ['A <b>bold</b> name', 'only_me']);
  const { body } = await hear(`${strava.websiteUrl}/`);
  assert.match(String(body), /A &lt;b&gt;bold&lt;\/b&gt; name/);
  await press(`/activities/${id}/show`);
  assert.equal(own()[0].visibility, 'everyone');
  await press(`/activities/${id}/delete`);
  assert.deepEqual(own(), []);
  assert.equal(await press(`/activities/${id}/delete`), 404);
  await press('/revoke');
  assert.deepEqual(strava.grants.connected, []);
});

test('in one browser one may be several people', async () => {
  strava = await startSimulator({ athletes: [{ firstname: 'Ada' }, { firstname: 'Bo' }] });
  const [, bo] = strava.athletes;
  await hear(`${strava.websiteUrl}/be`, {
    method: 'POST',
    body: new URLSearchParams({ athlete: String(bo.id) }),
  });
  assert.match(String((await hear(`${strava.websiteUrl}/`)).body), /<h1>Bo/);
  assert.equal((await stravaSession(strava)).athleteId, bo.id);
});
