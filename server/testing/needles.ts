/** What must be found nowhere at rest: places, names and secrets, in the encodings they could lie in. */
import polyline from '@mapbox/polyline';
import { latToWorldY, lngToWorldX } from '../geo/mercator.ts';
import type { TrackLine } from '../tracks/recording.ts';

export interface Needle {
  what: string;
  bytes: Buffer;
}

/** A text, as characters of every width and as text of its bytes. */
export function textNeedles(what: string, text: string): Needle[] {
  const utf8 = Buffer.from(text);
  const utf16 = Buffer.from(text, 'utf16le');
  return [
    { what: `${what}, UTF-8`, bytes: utf8 },
    { what: `${what}, UTF-16 LE`, bytes: utf16 },
    { what: `${what}, UTF-16 BE`, bytes: Buffer.from(utf16).swap16() },
    { what: `${what}, in a URL`, bytes: Buffer.from(encodeURIComponent(text)) },
    { what: `${what}, in JSON`, bytes: Buffer.from(JSON.stringify(text).slice(1, -1)) },
    ...asText(what, utf8),
  ];
}

/** Bytes as they are, and as text of them. */
export function byteNeedles(what: string, bytes: Uint8Array): Needle[] {
  return [{ what, bytes: Buffer.from(bytes) }, ...asText(what, bytes)];
}

/** Some places of a line: each as numbers of every kind beside each other, and as text. */
export function placeNeedles({ lng, lat }: Pick<TrackLine, 'lng' | 'lat'>, count: number): Needle[] {
  const needles: Needle[] = [];
  for (let nth = 0; nth < count; nth++) {
    const at = Math.floor(((nth + 0.5) * (lng.length - 12)) / count);
    const degrees = (one: Int32Array, offset = 0) => one[at + offset] / 1e7;
    const what = `point ${at}`;
    for (const decimals of [5, 6, 7]) {
      for (const axis of [lng, lat]) {
        needles.push({
          what: `${what}, ${decimals} decimals`,
          bytes: Buffer.from(degrees(axis).toFixed(decimals)),
        });
      }
    }
    // two numbers each: four bytes alone are found anywhere
    const kinds: [string, (degrees: number, isLat: boolean) => number][] = [
      ['1e-7 degrees', (value) => Math.round(value * 1e7)],
      ['1e-6 degrees', (value) => Math.round(value * 1e6)],
      ['1e-5 degrees', (value) => Math.round(value * 1e5)],
      ['semicircles', (value) => Math.round((value / 180) * 2 ** 31)],
      ['world units', (value, isLat) => Math.round(isLat ? latToWorldY(value) : lngToWorldX(value))],
      ['degrees', (value) => value],
    ];
    for (const [unit, of] of kinds) {
      const [x, y] = [of(degrees(lng), false), of(degrees(lat), true)];
      const [x1, y1] = [of(degrees(lng, 1), false), of(degrees(lat, 1), true)];
      for (const [order, pair] of Object.entries({
        'x y': [x, y],
        'y x': [y, x],
        'x x': [x, x1],
        'y y': [y, y1],
      })) {
        for (const [format, bytes] of Object.entries(binary(pair))) {
          if (unit === 'degrees' && format.startsWith('int')) continue;
          needles.push({ what: `${what}, ${unit} ${order} ${format}`, bytes });
          if (format !== 'float64 LE') continue;
          needles.push(...asText(`${what}, ${unit} ${order} ${format}`, bytes));
        }
      }
    }
    for (const precision of [5, 6]) {
      const points = Array.from({ length: 9 }, (_, offset): [number, number] => [
        degrees(lat, offset),
        degrees(lng, offset),
      ]);
      const first = polyline.encode(points.slice(0, 1), precision);
      const steps = polyline.encode(points, precision).slice(first.length);
      // standing still has short steps, which are found in any text
      if (steps.length >= 16)
        needles.push({ what: `${what}, polyline ${precision}`, bytes: Buffer.from(steps) });
    }
  }
  return needles;
}

function binary([a, b]: number[]): Record<string, Buffer> {
  const made = (size: number, write: (buffer: Buffer, value: number, offset: number) => void) => {
    const bytes = Buffer.alloc(size * 2);
    write(bytes, a, 0);
    write(bytes, b, size);
    return bytes;
  };
  const formats: Record<string, Buffer> = {
    'float32 LE': made(4, (buffer, value, offset) => buffer.writeFloatLE(value, offset)),
    'float32 BE': made(4, (buffer, value, offset) => buffer.writeFloatBE(value, offset)),
    'float64 LE': made(8, (buffer, value, offset) => buffer.writeDoubleLE(value, offset)),
    'float64 BE': made(8, (buffer, value, offset) => buffer.writeDoubleBE(value, offset)),
  };
  if (!Number.isInteger(a)) return formats;
  return {
    ...formats,
    'int32 LE': made(4, (buffer, value, offset) => buffer.writeInt32LE(value | 0, offset)),
    'int32 BE': made(4, (buffer, value, offset) => buffer.writeInt32BE(value | 0, offset)),
  };
}

/** Hexadecimal digits, and base64 wherever in a group of three the bytes begin. */
function asText(what: string, bytes: Uint8Array): Needle[] {
  const hex = Buffer.from(bytes).toString('hex');
  const needles = [hex, hex.toUpperCase()].map((text) => ({
    what: `${what}, hexadecimal`,
    bytes: Buffer.from(text),
  }));
  for (let shift = 0; shift < 3; shift++) {
    const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    // what depends on the neighbours is left out
    const own = text.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
    needles.push({ what: `${what}, base64`, bytes: Buffer.from(own) });
    needles.push({
      what: `${what}, base64url`,
      bytes: Buffer.from(own.replaceAll('+', '-').replaceAll('/', '_')),
    });
  }
  return needles;
}
