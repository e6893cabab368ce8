import { boxOf, type LngLatBox } from '../geo/box.ts';
import { HttpError } from './errors.ts';

/** What a box is asked for as. */
export const BOX_WORDS =
  'west, south, east, north in degrees; west may be east of east, across the antimeridian';

/** A box that a request names, as numbers or as they stand in an address. Throws bad_request, naming the parameter. */
export function readBox(given: string | readonly number[], parameter: string): LngLatBox {
  const box = boxOf(typeof given === 'string' ? given.split(',').map(numberOf) : given);
  if (!box) throw new HttpError('bad_request', { parameter, message: 'west, south, east, north in degrees' });
  return box;
}

function numberOf(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}
