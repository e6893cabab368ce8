/** How a Node author would read track files first: with the usual package, an object a point. */
import FitParser from 'fit-file-parser';
import { SaxesParser } from 'saxes';

export interface Point {
  lng: number;
  lat: number;
  /** Unix seconds. */
  time: number;
  altitude: number;
}

/** All points of a FIT file, by fit-file-parser. */
export async function readFitByPackage(bytes: Buffer): Promise<Point[]> {
  const parser = new FitParser({ mode: 'list', force: true });
  const { records = [] } = await parser.parseAsync(bytes as Buffer<ArrayBuffer>);
  return records.map(({ position_long, position_lat, timestamp, altitude }) => ({
    lng: Number(position_long),
    lat: Number(position_lat),
    time: new Date(timestamp as string | Date).getTime() / 1000,
    altitude: Number(altitude),
  }));
}

/** All points of a GPX or TCX file, by saxes. */
export function readXmlByPackage(bytes: Buffer): Point[] {
  const points: Point[] = [];
  const parser = new SaxesParser();
  let point: Point | null = null;
  let text = '';
  parser.on('opentag', ({ name, attributes }) => {
    text = '';
    if (name !== 'trkpt' && name !== 'Trackpoint') return;
    point = {
      lng: Number(attributes.lon),
      lat: Number(attributes.lat),
      time: Number.NaN,
      altitude: Number.NaN,
    };
    points.push(point);
  });
  parser.on('text', (more) => {
    text += more;
  });
  parser.on('closetag', ({ name }) => {
    if (!point) return;
    if (name === 'time' || name === 'Time') point.time = Date.parse(text) / 1000;
    else if (name === 'ele' || name === 'AltitudeMeters') point.altitude = Number(text);
    else if (name === 'LatitudeDegrees') point.lat = Number(text);
    else if (name === 'LongitudeDegrees') point.lng = Number(text);
  });
  parser.write(bytes.toString()).close();
  return points;
}
