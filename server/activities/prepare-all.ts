import type { RawActivity } from '../tracks/recording.ts';
import { type About, type Prepared, prepare } from './prepare.ts';

/** Recordings that came otherwise than in files, to be made ready in a worker thread. */
export interface PrepareTask {
  recordings: { raw: RawActivity; about: About }[];
}

/** In their order. */
export function prepareAll({ recordings }: PrepareTask): Prepared[] {
  return recordings.map(({ raw, about }) => prepare(raw, about));
}
