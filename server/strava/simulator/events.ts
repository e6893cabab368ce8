/** Which event a change of an activity makes. */
import { type Change, isVisible } from './accounts.ts';

/** What is posted to the callback; its `subscription_id` is put in when it is sent. */
export interface WebhookEvent {
  object_type: 'activity' | 'athlete';
  object_id: number;
  aspect_type: 'create' | 'update' | 'delete';
  updates: Record<string, string>;
  owner_id: number;
  /** Unix seconds. */
  event_time: number;
}

/**
 * null where nobody is told: of a corrected track, of who but everybody may see it, of anything that an app with
 * those scopes does not know. To an app that may not see private activities, one that turns private is deleted.
 */
export function eventOf(
  { before, after }: Change,
  scopes: readonly string[],
  now: number,
): WebhookEvent | null {
  const { id, athleteId } = (after ?? before)!;
  const event = (aspect_type: WebhookEvent['aspect_type'], updates: Record<string, string> = {}) => ({
    object_type: 'activity' as const,
    object_id: id,
    aspect_type,
    updates,
    owner_id: athleteId,
    event_time: Math.floor(now / 1000),
  });
  const wasKnown = before !== null && isVisible(before, scopes);
  const isKnown = after !== null && isVisible(after, scopes);
  if (!wasKnown) return isKnown ? event('create') : null;
  if (!isKnown) return event('delete');
  const updates: Record<string, string> = {};
  if (before.name !== after.name) updates.title = after.name;
  if (before.sport !== after.sport) updates.type = after.sport;
  const [wasPrivate, isPrivate] = [before, after].map(({ visibility }) => visibility === 'only_me');
  if (wasPrivate !== isPrivate) updates.private = String(isPrivate);
  return Object.keys(updates).length > 0 ? event('update', updates) : null;
}

/** An athlete took the app's permission back. */
export function deauthorized(athleteId: number, now: number): WebhookEvent {
  return {
    object_type: 'athlete',
    object_id: athleteId,
    aspect_type: 'update',
    updates: { authorized: 'false' },
    owner_id: athleteId,
    event_time: Math.floor(now / 1000),
  };
}
