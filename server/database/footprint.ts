import type { Knex } from 'knex';
import type { LngLatBox } from '../geo/box.ts';
import { WORLD_SIZE, worldXToLng, worldYToLat } from '../geo/mercator.ts';
import type { Bounds } from '../geo/tile.ts';

/**
 * The one place that knows whether PostGIS is there: a footprint is a `geometry(Polygon, 4326)` with it and a core
 * `box` without it. Either way it is coarse, since it is stored in the clear: bounds snapped outward to the tiles of
 * zoom 9, some tens of kilometres.
 */

/** World units of the grid that footprints are snapped to. */
const GRID = WORLD_SIZE / 2 ** 9;

/** How footprints are written and asked in one database. */
export interface Footprints {
  /** The value of the column `footprint` for what lies within world bounds. */
  value(bounds: Bounds): Knex.Raw;
  /** Whose activities may have been in a box, as far as the grid can tell, and how many of them; most first. */
  athletesIn(db: Knex, box: LngLatBox): Promise<{ athleteId: string; activities: number }[]>;
}

/** Longitudes and latitudes of the grid cells that world bounds touch. */
export function coarseBounds({ minX, minY, maxX, maxY }: Bounds): {
  west: number;
  south: number;
  east: number;
  north: number;
} {
  const down = (value: number) => Math.floor(value / GRID) * GRID;
  const up = (value: number) => Math.min((Math.floor(value / GRID) + 1) * GRID, WORLD_SIZE);
  return {
    west: worldXToLng(down(minX)),
    south: worldYToLat(up(maxY)),
    east: worldXToLng(up(maxX)),
    north: worldYToLat(down(minY)),
  };
}

/** Adds the column and its GiST index. */
export async function makeFootprintColumn(db: Knex): Promise<void> {
  const offered = await db.raw<{ rows: unknown[] }>(
    `select 1 from pg_available_extensions where name = 'postgis'`,
  );
  if (offered.rows.length > 0) await db.raw('create extension if not exists postgis');
  const type = (await hasPostgis(db)) ? 'geometry(Polygon, 4326)' : 'box';
  await db.raw(`alter table activities add footprint ${type}`);
  await db.raw('create index activities_footprint on activities using gist (footprint)');
}

/** Reads once which kind of column this database has. */
export async function footprintsOf(db: Knex): Promise<Footprints> {
  const value = (await hasPostgis(db))
    ? 'ST_MakeEnvelope(:west, :south, :east, :north, 4326)'
    : 'box(point(:west, :south), point(:east, :north))';
  return {
    value: (bounds) => db.raw(value, coarseBounds(bounds)),
    async athletesIn(on, [west, south, east, north]) {
      const sides =
        west <= east
          ? [[west, east]]
          : [
              [west, 180],
              [-180, east],
            ];
      const boxes = sides.map(([from, to]) => on.raw(value, { west: from, south, east: to, north }));
      return on('activities')
        .where((any) => {
          for (const box of boxes) any.orWhereRaw('footprint && ?', [box]);
        })
        .groupBy('athlete_id')
        .orderByRaw('count(*) desc, athlete_id')
        .select<{ athleteId: string; activities: number }[]>(
          'athlete_id as athleteId',
          on.raw('count(*)::int as activities'),
        );
    },
  };
}

/** SQL that reads a column of footprints of some type as the text of a `box`, as backups have it. */
export function footprintToBox(type: string): string {
  if (!type.startsWith('geometry')) return 'footprint::text';
  const corner = (end: string) => `point(ST_X${end}(footprint), ST_Y${end}(footprint))`;
  return `box(${corner('Min')}, ${corner('Max')})::text`;
}

/** SQL that makes a footprint of some type from the text of a `box`, given as an expression. */
export function footprintFromBox(type: string): (text: string) => string {
  if (!type.startsWith('geometry')) return (text) => `(${text})::box`;
  // of a box's two corners, 0 is the upper right one; of a corner, 0 is its x
  return (text) => {
    const at = (corner: number, axis: number) => `(((${text})::box)[${corner}])[${axis}]`;
    return `ST_MakeEnvelope(${at(1, 0)}, ${at(1, 1)}, ${at(0, 0)}, ${at(0, 1)}, 4326)`;
  };
}

async function hasPostgis(db: Knex): Promise<boolean> {
  const { rows } = await db.raw<{ rows: unknown[] }>(`select 1 from pg_extension where extname = 'postgis'`);
  return rows.length > 0;
}
