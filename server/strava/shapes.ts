import Type, { type Static, type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { StravaFault } from './faults.ts';

/*
 * Of everything that Strava tells, what is used. New members come without notice and old ones are missing, null or
 * empty in old activities, so nearly all is optional, and nothing unknown is looked at.
 */

const maybe = <T extends TSchema>(type: T) => Type.Optional(Type.Union([type, Type.Null()]));

const Athlete = Type.Object({
  id: Type.Integer(),
  firstname: maybe(Type.String()),
  lastname: maybe(Type.String()),
});

const Grant = Type.Object({
  access_token: Type.String({ minLength: 1 }),
  refresh_token: maybe(Type.String({ minLength: 1 })),
  expires_in: Type.Number(),
  athlete: maybe(Athlete),
});

const Row = Type.Object({
  id: Type.Integer(),
  name: maybe(Type.String()),
  sport_type: maybe(Type.String()),
  type: maybe(Type.String()),
  start_date: maybe(Type.String()),
  elapsed_time: maybe(Type.Number()),
  distance: maybe(Type.Number()),
  commute: maybe(Type.Boolean()),
  trainer: maybe(Type.Boolean()),
  private: maybe(Type.Boolean()),
  visibility: maybe(Type.String()),
  map: maybe(Type.Object({ summary_polyline: maybe(Type.String()) })),
});

const Numbers = Type.Array(Type.Union([Type.Number(), Type.Null()]));
const Stream = <T extends TSchema>(type: T) => Type.Object({ data: type });
const Streams = Type.Object({
  latlng: maybe(Stream(Type.Array(Type.Tuple([Type.Number(), Type.Number()])))),
  time: maybe(Stream(Numbers)),
  altitude: maybe(Stream(Numbers)),
});

export type AthleteShape = Static<typeof Athlete>;
export type GrantShape = Static<typeof Grant>;
export type RowShape = Static<typeof Row>;
export type StreamsShape = Static<typeof Streams>;

/** Each throws StravaFault `unavailable` for what has another shape. */
export const readGrant = reader(Grant);
export const readRow = reader(Row);
const readByKey = reader(Streams);

/** The rows of a page that can be read, and how many others it has. */
export function readPage(body: unknown): { rows: RowShape[]; unreadable: number } {
  if (!Array.isArray(body)) throw new StravaFault('unavailable', 'an answer of another shape');
  const rows = body.filter((row): row is RowShape => rowCheck.Check(row));
  return { rows, unreadable: body.length - rows.length };
}

/** Streams by name, or as an array of them, as older answers are. */
export function readStreams(body: unknown): StreamsShape {
  const named = Array.isArray(body)
    ? Object.fromEntries(body.map((one: { type?: unknown } | null) => [String(one?.type), one]))
    : body;
  return readByKey(named);
}

const rowCheck = Compile(Row);

function reader<T extends TSchema>(type: T): (body: unknown) => Static<T> {
  const check = Compile(type);
  return (body) => {
    if (!check.Check(body)) throw new StravaFault('unavailable', 'an answer of another shape');
    return body as Static<T>;
  };
}
