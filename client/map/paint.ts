/**
 * Colours tiles in the browser. A tile is an indexed PNG: its pixels are tones, and what colour a tone has stands in
 * the two chunks behind the header (see server/heat/png.ts), so other colours are other chunks before the same pixels.
 */
import { coloursOf } from '../../server/heat/colours.ts';
import type { GradientStop } from '../../server/heat/gradient.ts';

/** The PLTE and tRNS chunks of a palette, whole. */
export type Paint = Uint8Array<ArrayBuffer>;

/** Where the colours go: after the signature and the header. */
const COLOURS_AT = 8 + 12 + 13;
const DEPTH_AT = 24;

export function paintOf(stops: readonly GradientStop[], hot: number): Paint {
  const { rgb, opacities } = coloursOf(stops, hot);
  return joined(chunk('PLTE', rgb), chunk('tRNS', opacities));
}

/** Whether there is heat on a tile: the empty one has no 256 colours. */
export function isDrawnOn(png: ArrayBuffer): boolean {
  return new Uint8Array(png)[DEPTH_AT] === 8;
}

/** The tile in other colours; the empty one stays as it is. */
export function painted(png: ArrayBuffer, paint: Paint): ArrayBuffer {
  if (!isDrawnOn(png)) return png;
  const bytes = new Uint8Array(png);
  const view = new DataView(png);
  let end = COLOURS_AT;
  while (typeAt(bytes, end) === 'PLTE' || typeAt(bytes, end) === 'tRNS') end += 12 + view.getUint32(end);
  return joined(bytes.subarray(0, COLOURS_AT), paint, bytes.subarray(end)).buffer;
}

function typeAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at + 4, at + 8));
}

/** Length, type, bytes, checksum. */
function chunk(type: string, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(bytes.length + 12);
  const view = new DataView(whole.buffer);
  view.setUint32(0, bytes.length);
  whole.set(
    [...type].map((letter) => letter.charCodeAt(0)),
    4,
  );
  whole.set(bytes, 8);
  view.setUint32(bytes.length + 8, crc32(whole.subarray(4, bytes.length + 8)));
  return whole;
}

/** The checksum of PNG chunks (ISO 3309), for the thousand bytes that colours take: no table needed. */
function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

function joined(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
