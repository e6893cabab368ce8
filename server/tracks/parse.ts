import { ANY_CLOCK, believable } from './clock.ts';
import { FitReader } from './fit.ts';
import { GpxReader } from './gpx.ts';

import { LIMITS, type Limits, limited } from './limits.ts';
import { type Note, type RawActivity, TrackFileError } from './recording.ts';
import { TcxReader } from './tcx.ts';
import { unpack } from './unpack.ts';
import { type ElementReader, readXml } from './xml.ts';

/** Bytes that tell what a file is, once blanks before them are passed over. */
const HEAD = 512;
/** A gzip within a gzip happens when a file is exported twice; more than this nobody does by mistake. */
const GZIP_LAYERS = 2;

/**
 * Reads the activities in a GPX, TCX or FIT file, gzipped or not, told by what is in it and not by its name.
 * What can be read of a truncated, damaged or chained file is kept, with a note. Memory is bounded by `limits`,
 * whatever the file claims. Throws TrackFileError, with a reason for the person who gave the file.
 */
export async function parseTrackFile(
  chunks: AsyncIterable<Uint8Array>,
  limits: Limits = LIMITS,
): Promise<RawActivity[]> {
  const activities = await parse(limited(chunks, limits), limits, 0);
  for (const activity of activities) activity.startedAt = believable(activity.startedAt, ANY_CLOCK);
  return activities;
}

async function parse(
  chunks: AsyncIterable<Uint8Array>,
  limits: Limits,
  layers: number,
): Promise<RawActivity[]> {
  const { head, all } = await peek(chunks);
  try {
    switch (formatOf(head)) {
      case 'fit':
        return await parseFit(all, limits);
      case 'xml':
        return await parseXml(all, limits);
      case 'gzip': {
        if (layers === GZIP_LAYERS) throw new TrackFileError('too_deep', 'it is packed again and again');
        const unpacked = unpack(all, 'gzip', limits);
        const activities = await parse(limited(unpacked.chunks, limits), limits, layers + 1);
        const note = unpacked.note();
        return note ? noted(activities, note) : activities;
      }
    }
  } finally {
    await all.return();
  }
}

async function parseFit(chunks: AsyncIterable<Uint8Array>, limits: Limits): Promise<RawActivity[]> {
  const reader = new FitReader(limits);
  for await (const chunk of chunks) if (!reader.write(chunk)) break;
  return reader.end();
}

async function parseXml(chunks: AsyncIterable<Uint8Array>, limits: Limits): Promise<RawActivity[]> {
  const root = new RootReader(limits);
  const note = await readXml(chunks, root, limits);
  let activities: RawActivity[];
  try {
    activities = root.end();
  } catch (error) {
    if (!note || !(error instanceof TrackFileError) || error.code !== 'no_activity') throw error;
    throw new TrackFileError('malformed_xml', 'it is damaged before its first track begins');
  }
  const recorded = activities.some(({ lines }) => lines.length > 0);
  if (note && !recorded) throw new TrackFileError('malformed_xml', 'it is damaged before its first point');
  return note ? noted(activities, note) : activities;
}

function noted(activities: RawActivity[], note: Note): RawActivity[] {
  for (const { notes } of activities) if (!notes.includes(note)) notes.push(note);
  return activities;
}

/** Hands over to the reader for what the outermost element is. */
class RootReader implements ElementReader {
  readonly #limits: Limits;
  #reader: GpxReader | TcxReader | null = null;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  open(name: string, attributes: Record<string, string>): void {
    if (this.#reader) this.#reader.open(name, attributes);
    else if (/^gpx$/i.test(name)) this.#reader = new GpxReader(attributes, this.#limits);
    else if (name === 'TrainingCenterDatabase') this.#reader = new TcxReader(this.#limits);
    else throw new TrackFileError('unknown_format', `it is XML of another kind (${name.slice(0, 40)})`);
  }

  close(name: string, text: string): void {
    this.#reader?.close(name, text);
  }

  end(): RawActivity[] {
    if (!this.#reader) throw new TrackFileError('malformed_xml', 'it is not XML');
    return this.#reader.end();
  }
}

function formatOf(head: Uint8Array): 'fit' | 'xml' | 'gzip' {
  const format = sniff(head);
  if (format === 'zip')
    throw new TrackFileError('unknown_format', 'it is an archive where a recording was expected');
  if (format === null) throw new TrackFileError('unknown_format', 'it is neither GPX, TCX nor FIT');
  return format;
}

/** What the first bytes of a file say it is; null unknown. Throws `empty_file` where there are none but blanks. */
export function sniff(head: Uint8Array): 'fit' | 'xml' | 'gzip' | 'zip' | null {
  if (head.length >= 12 && head[0] >= 12 && Buffer.from(head.subarray(8, 12)).toString('latin1') === '.FIT')
    return 'fit';
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  if (head[0] === 0x50 && head[1] === 0x4b && (head[2] === 3 || head[2] === 5) && head[3] === head[2] + 1)
    return 'zip';
  const first = head.findIndex((byte) => !isBlank(byte));
  if (first < 0) throw new TrackFileError('empty_file', 'it is empty');
  return head[first] === 0x3c ? 'xml' : null;
}

/** Also the bytes of a byte order mark, and the zeros between the letters of UTF-16. */
function isBlank(byte: number): boolean {
  return byte <= 0x20 || byte === 0xef || byte === 0xbb || byte === 0xbf || byte === 0xfe || byte === 0xff;
}

/** The first bytes, with what is not blank among them, and everything that comes from there on. */
async function peek(
  chunks: AsyncIterable<Uint8Array>,
): Promise<{ head: Uint8Array; all: AsyncGenerator<Uint8Array, void, void> }> {
  const iterator = chunks[Symbol.asyncIterator]();
  let head: Uint8Array = new Uint8Array(0);
  for (;;) {
    const { done, value } = await iterator.next();
    if (done) break;
    head = head.length === 0 ? value : Buffer.concat([head, value]);
    if (head.length < HEAD) continue;
    if (!head.every(isBlank)) break;
    // a long run of blanks is not kept; an even number of bytes goes, as letters may have two
    head = head.subarray(head.length - 2 - (head.length % 2));
  }
  async function* all(): AsyncGenerator<Uint8Array, void, void> {
    try {
      if (head.length > 0) yield head;
      for (;;) {
        const { done, value } = await iterator.next();
        if (done) return;
        yield value;
      }
    } finally {
      await iterator.return?.();
    }
  }
  return { head, all: all() };
}
