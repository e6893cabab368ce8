/** What is made for a globe, laid out on a flat map: across the antimeridian and around the pole. */
import type { Feature, FeatureCollection, MultiPolygon, Polygon, Position } from 'geojson';

/** Beyond the edge of the map, so that no line is seen there. */
const POLE = 89;

/** Longitudes as they are written: from -180 to below 180. */
export function wrapped(lng: number): number {
  return ((((lng + 180) % 360) + 360) % 360) - 180;
}

/** The same land with every ring in one piece: longitudes go on past ±180 where the coast does. */
export function unwrapped(land: FeatureCollection): FeatureCollection {
  return { ...land, features: land.features.map((feature) => ({ ...feature, geometry: flat(feature) })) };
}

function flat({ geometry }: Feature): Polygon | MultiPolygon {
  const { type, coordinates } = geometry as Polygon | MultiPolygon;
  if (type === 'Polygon') return { type, coordinates: coordinates.map(unwrappedRing) };
  return { type, coordinates: coordinates.map((polygon) => polygon.map(unwrappedRing)) };
}

/**
 * A ring without a step of more than half the world. One that goes all around the world encloses a pole, which a
 * flat map does not show: it is closed along the map's edge.
 */
export function unwrappedRing(ring: Position[]): Position[] {
  let shift = 0;
  const line = ring.map(([lng, lat], index) => {
    if (index > 0) {
      const step = lng - ring[index - 1][0];
      if (step > 180) shift -= 360;
      else if (step < -180) shift += 360;
    }
    return [lng + shift, lat];
  });
  const [first, last] = [line[0], line[line.length - 1]];
  if (first[0] === last[0]) return line;
  const pole = first[1] > 0 ? POLE : -POLE;
  return [...line, [last[0], pole], [first[0], pole], first];
}

/** A line cut where it steps across the antimeridian. */
export function cutLine(line: Position[]): Position[][] {
  const pieces: Position[][] = [[line[0]]];
  for (let at = 1; at < line.length; at++) {
    if (Math.abs(line[at][0] - line[at - 1][0]) > 180) pieces.push([]);
    pieces[pieces.length - 1].push(line[at]);
  }
  return pieces.filter((piece) => piece.length > 1);
}
