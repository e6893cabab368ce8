import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SyncStatus } from '../api.ts';
import { LANGUAGE } from '../language.ts';
import { STRAVA_PROBLEMS } from '../words/faults.ts';
import { outcomeOf } from './outcome.ts';
import { pillOf } from './sync.ts';

const NOW = Date.UTC(2026, 10, 24, 12) / 1000;
const sync: SyncStatus = {
  state: 'current',
  total: 1840,
  done: 312,
  failed: 0,
  until: null,
  checkedAt: NOW - 125,
  problem: null,
};
const textOf = (given: Partial<SyncStatus>, warming: { done: number; total: number } | null = null) =>
  pillOf({ sync: { ...sync, ...given }, warming }, NOW)!.text;

test('each state has its words, and those that count have a share', () => {
  assert.equal(pillOf({ sync: null, warming: null }, NOW), null);
  assert.match(textOf({ state: 'listing' }), /list/);
  assert.match(textOf({ state: 'fetching' }), /312 of 1,840/);
  assert.equal(pillOf({ sync: { ...sync, state: 'fetching' }, warming: null }, NOW)!.share, 312 / 1840);
  assert.match(textOf({}), /up to date.*2 min ago/i);
  assert.match(textOf({ checkedAt: NOW - 5 }), /just now/);
  assert.match(textOf({}, { done: 1, total: 9 }), /Preparing/);
  assert.match(textOf({}, { done: 9, total: 9 }), /up to date/i);
  const failed = (code: string) => textOf({ state: 'failed', problem: { code, message: 'Connect again.' } });
  assert.equal(failed('refused'), STRAVA_PROBLEMS.refused);
  // of a server that knows more than this page
  assert.equal(failed('unheard_of'), 'Connect again.');
});

test('a wait says until when, and the day where it is another', () => {
  const soon = textOf({ state: 'waiting', until: NOW + 600 });
  const night = textOf({ state: 'waiting', until: NOW + 86_400 });
  const time = new Date((NOW + 600) * 1000).toLocaleTimeString(LANGUAGE, {
    hour: '2-digit',
    minute: '2-digit',
  });
  assert.ok(soon.includes(time), soon);
  assert.match(night, /day/);
});

test('whoever comes back from Strava is told what came of it, if it is bad', () => {
  assert.equal(outcomeOf('?strava=connected'), null);
  assert.equal(outcomeOf(''), null);
  assert.match(outcomeOf('?strava=scope')!, /ticked/);
  assert.equal(outcomeOf('?strava=what-came-later'), outcomeOf('?strava=unavailable'));
});
