import { SaxesParser } from 'saxes';
import type { Limits } from './limits.ts';
import { type Note, TrackFileError } from './recording.ts';

/** Takes an XML file's elements in their order. Names come without their namespace's prefix. */
export interface ElementReader {
  open(name: string, attributes: Record<string, string>): void;
  /** `text` is what stands directly in the element, if it holds no other. */
  close(name: string, text: string): void;
}

/** What real writers get wrong and what does not change where a recording went. */
const HARMLESS =
  /entity|^disallowed character\.$|is disallowed|XML declaration|text data outside|only one root|version number|attribute|expected (?:one of|the name)|name\/value pairs|value (?:must be quoted|required)|whitespace required/;

/** How much is parsed at once: nothing is checked against the limits in between. */
const PIECE = 64 * 1024;

/**
 * Streams an XML file through `reader`. Entities are not expanded, document types are refused, depth and the
 * length of texts are limited. A file that ends too early, or is not XML from some point on, is read up to
 * there, which the answer tells. Throws TrackFileError where limits are passed.
 */
export async function readXml(
  chunks: AsyncIterable<Uint8Array>,
  reader: ElementReader,
  limits: Limits,
): Promise<Note | null> {
  const parser = new SaxesParser({ xmlns: false, position: false });
  let depth = 0;
  let text = '';
  let length = 0;
  let fault: Error | null = null;

  // No more handlers than needed: with an eighth, V8 makes a dictionary of the parser, which is six times slower.
  parser.on('opentag', ({ name, attributes }) => {
    if (fault) return;
    if (++depth > limits.depth) {
      throw new TrackFileError(
        'malformed_xml',
        `its elements lie more than ${limits.depth} deep in one another`,
      );
    }
    text = '';
    length = 0;
    reader.open(local(name), attributes);
  });
  parser.on('closetag', ({ name }) => {
    if (fault) return;
    depth--;
    length = 0;
    reader.close(local(name), text);
    text = '';
  });
  parser.on('text', (more) => {
    text = text === '' ? more : text + more;
  });
  parser.on('cdata', (more) => {
    text += more;
  });
  parser.on('doctype', (doctype) => {
    if (/^\s*html\b/i.test(doctype)) throw new TrackFileError('unknown_format', 'it is a web page');
    throw new TrackFileError('malformed_xml', 'it declares a document type or entities, which are not read');
  });
  parser.on('error', (error) => {
    if (!HARMLESS.test(error.message)) fault ??= error;
  });

  let begun = false;
  for await (const decoded of decode(chunks)) {
    for (let at = 0; at < decoded.length && !fault; at += PIECE) {
      let piece = decoded.slice(at, at + PIECE);
      if (!begun) {
        piece = piece.replace(/^[\s\uFEFF\0]+/, '');
        if (piece === '') continue;
        begun = true;
      }
      length += piece.length;
      if (length > limits.token) {
        throw new TrackFileError('too_large', `it holds a text of more than ${limits.token / 2 ** 20} MB`);
      }
      parser.write(piece);
    }
    if (fault) return 'damaged_end';
  }
  const open = depth;
  parser.close();
  return open > 0 ? 'truncated' : fault ? 'damaged_end' : null;
}

function local(name: string): string {
  const colon = name.indexOf(':');
  return colon < 0 ? name : name.slice(colon + 1);
}

/** Bytes to text: by byte order mark, by how '<' is written, by the declaration, else UTF-8. */
async function* decode(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: TextDecoder | null = null;
  for await (const chunk of chunks) {
    if (chunk.length === 0) continue;
    decoder ??= decoderFor(chunk);
    yield decoder.decode(chunk, { stream: true });
  }
  if (decoder) yield decoder.decode();
}

function decoderFor(head: Uint8Array): TextDecoder {
  if (head[0] === 0xff && head[1] === 0xfe) return new TextDecoder('utf-16le');
  if (head[0] === 0xfe && head[1] === 0xff) return new TextDecoder('utf-16be');
  const first = head.indexOf(0x3c);
  if (first >= 0 && head[first + 1] === 0) return new TextDecoder('utf-16le');
  if (first > 0 && head[first - 1] === 0) return new TextDecoder('utf-16be');
  const declared = /<\?xml[^>]*encoding\s*=\s*["']([\w.:-]+)["']/.exec(
    Buffer.from(head.subarray(0, 400)).toString('latin1'),
  );
  // What says it is UTF-16 and can be read as ASCII is not.
  if (declared && !/^(utf-?16|ucs|utf-?8)/i.test(declared[1])) {
    try {
      return new TextDecoder(declared[1]);
    } catch {
      // an encoding nobody knows: the numbers are ASCII in nearly all of them
    }
  }
  return new TextDecoder();
}

const DAY = 86_400;
let knownDate = '';
let knownDay = Number.NaN;

/**
 * Unix seconds of an XML date and time; one without a zone is taken as UTC, as GPX and TCX say it is.
 * NaN where it is none.
 */
export function parseTime(text: string): number {
  // 0123456789012345678
  // 2024-05-31T12:34:56.789+02:00
  const trimmed = text.trim();
  const date = trimmed.slice(0, 10);
  if (date !== knownDate) {
    const parts = /^(\d{4})-(\d\d)-(\d\d)$/.exec(date);
    knownDay = parts ? Date.UTC(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3])) / 1000 : Number.NaN;
    knownDate = date;
  }
  if (Number.isNaN(knownDay)) return Number.NaN;
  if (trimmed.length === 10) return knownDay;
  const hours = twoDigits(trimmed, 11);
  const minutes = twoDigits(trimmed, 14);
  const seconds = twoDigits(trimmed, 17);
  const ofDay = hours * 3600 + minutes * 60 + seconds;
  if (!(ofDay >= 0 && ofDay <= DAY)) return Number.NaN;
  const rest = trimmed.length === 19 ? '' : trimmed.slice(19);
  if (rest === '' || rest === 'Z') return knownDay + ofDay;
  const tail = /^([.,]\d+)?\s*(?:Z|z|UTC|([+-])(\d\d):?(\d\d)?)?$/.exec(rest);
  if (!tail) return Number.NaN;
  const fraction = tail[1] ? Number(`0.${tail[1].slice(1, 10)}`) : 0;
  const offset = tail[2] ? Number(tail[3]) * 3600 + Number(tail[4] ?? 0) * 60 : 0;
  return knownDay + ofDay + fraction - (tail[2] === '-' ? -offset : offset);
}

function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

/** A decimal number, also with a decimal comma; NaN where it is none. */
export function parseNumber(text: string | undefined): number {
  if (text === undefined) return Number.NaN;
  const trimmed = text.trim();
  if (trimmed === '') return Number.NaN;
  const value = Number(trimmed);
  return Number.isNaN(value) && /^-?\d+,\d+$/.test(trimmed) ? Number(trimmed.replace(',', '.')) : value;
}

/** A name as people wrote it, on one line; null where there is none. */
export function parseName(text: string): string | null {
  const name = text.replace(/\s+/g, ' ').trim().slice(0, 200);
  return name === '' ? null : name;
}
