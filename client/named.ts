/** Activities found by what people call them. */
import type { Activity } from './api/activities.ts';
import { sportName } from './words.ts';

type Named = Pick<Activity, 'name' | 'sport'>;

/** As it is shown. */
export function nameOf({ name, sport }: Named): string {
  return name?.trim() || sportName(sport);
}

/** Those whose name has the text in it, whatever its case and accents. */
export function named<T extends Named>(activities: readonly T[], text: string): readonly T[] {
  const wanted = plain(text);
  return wanted === '' ? activities : activities.filter((one) => plain(nameOf(one)).includes(wanted));
}

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim();
}
