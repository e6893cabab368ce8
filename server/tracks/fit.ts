/**
 * FIT, read for where and when: records with their positions, and what says which sport they belong to.
 *
 * The file is a run of messages, each in the layout that a definition message gave to its local number before:
 *
 *     header 12 or 14 bytes │ definition │ data │ data │ definition │ data │ … │ CRC 2 bytes │ header …
 *
 * Written here and not taken from a package: the free one reads a file whole or not at all (a flat battery
 * leaves truncated files), knows nothing of several files in one stream, and makes an object of every field.
 */
import { type FitActivity, type FitField, FitFile, FitMessage } from './fit-file.ts';
import { type Limits, tooManyActivities, tooManyPoints } from './limits.ts';
import { type Note, type RawActivity, TrackFileError } from './recording.ts';

/** Fields of one message, by their offsets in it; -1 where it has none. */
interface Definition {
  message: number;
  size: number;
  littleEndian: boolean;
  fields: Map<number, FitField>;
  /** Whether field 253, a 32-bit time stamp, is there. */
  timestamp: number;
}

const TIMESTAMP = 253;
const CRC_BYTES = 2;

/** Reads FIT files from pieces of any length. */
export class FitReader {
  readonly #limits: Limits;
  readonly #activities: FitActivity[] = [];
  readonly #definitions = new Array<Definition | null>(16).fill(null);
  /** Bytes not read yet, from `#at` on. */
  #bytes: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  #at = 0;
  /** What of the current file's messages is still to come; Infinity where its header does not say. */
  #left = 0;
  #file: FitFile | null = null;
  #parts = 0;
  #points = 0;
  readonly #shown = new FitMessage();
  #lastTime = 0;
  #fault: Note | null = null;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** False once nothing more can be read. */
  write(chunk: Uint8Array): boolean {
    const rest = this.#bytes.length - this.#at;
    this.#bytes = rest === 0 ? chunk : Buffer.concat([this.#bytes.subarray(this.#at), chunk]);
    this.#view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.byteLength);
    this.#at = 0;
    while (this.#fault === null && this.#step());
    return this.#fault === null;
  }

  /** What was read so far. Throws TrackFileError where that is nothing. */
  end(): RawActivity[] {
    const rest = this.#bytes.subarray(this.#at);
    if (this.#fault === null) {
      if (
        this.#file &&
        (this.#left === Number.POSITIVE_INFINITY ? rest.length > CRC_BYTES : this.#left > 0)
      ) {
        this.#fault = 'truncated';
      } else if (!this.#file && rest.some((byte) => byte !== 0)) this.#fault = 'damaged_part';
    }
    this.#endFile();
    const activities = this.#activities.filter(({ kind }) => kind !== 'other');
    if (activities.length === 0) {
      if (this.#activities.length > 0) {
        throw new TrackFileError(
          'not_an_activity',
          'a device wrote it about something else than an activity',
        );
      }
      throw new TrackFileError('malformed_fit', 'it is damaged before its first record');
    }
    return activities.map(({ kind, ...activity }) => {
      if (this.#fault) activity.notes.push(this.#fault);
      return { ...activity, planned: kind === 'course' };
    });
  }

  /** Reads the next header, message or end; false where more bytes are wanted first. */
  #step(): boolean {
    if (!this.#file) return this.#begin();
    if (this.#left <= 0) return this.#finish();
    const before = this.#at;
    const went = this.#message();
    if (!went) this.#at = before;
    else this.#left -= this.#at - before;
    return went;
  }

  #begin(): boolean {
    if (this.#bytes.length - this.#at < 14) return false;
    const size = this.#bytes[this.#at];
    const isFit = this.#view.getUint32(this.#at + 8, false) === 0x2e464954;
    if (this.#parts > 0 && this.#bytes.subarray(this.#at).every((byte) => byte === 0)) {
      // filled up to a block of the device's memory
      this.#at = this.#bytes.length;
      return false;
    }
    if (!isFit || size < 12) return this.#fail(this.#parts === 0 ? 'damaged_end' : 'damaged_part');
    if (this.#bytes.length - this.#at < size) return false;
    const length = this.#view.getUint32(this.#at + 4, true);
    // a device that lost its power has not come to writing the length
    this.#left = length === 0 || length === 0xffffffff ? Number.POSITIVE_INFINITY : length;
    this.#at += size;
    this.#parts++;
    this.#file = new FitFile();
    this.#definitions.fill(null);
    this.#lastTime = 0;
    return true;
  }

  #finish(): boolean {
    if (this.#bytes.length - this.#at < CRC_BYTES) return false;
    this.#at += CRC_BYTES;
    this.#endFile();
    return true;
  }

  #endFile(): void {
    if (!this.#file) return;
    this.#activities.push(...this.#file.activities());
    this.#file = null;
    if (this.#activities.length > this.#limits.activities) throw tooManyActivities(this.#limits.activities);
  }

  #message(): boolean {
    if (this.#at >= this.#bytes.length) return false;
    const header = this.#bytes[this.#at++];
    if ((header & 0x80) !== 0) return this.#data((header >> 5) & 3, header & 0x1f);
    if ((header & 0x40) !== 0) return this.#define(header & 0x0f, (header & 0x20) !== 0);
    return this.#data(header & 0x0f, -1);
  }

  #define(local: number, hasDeveloperFields: boolean): boolean {
    const bytes = this.#bytes;
    const start = this.#at;
    if (bytes.length < start + 5) return false;
    const count = bytes[start + 4];
    let end = start + 5 + count * 3;
    if (bytes.length < end + (hasDeveloperFields ? 1 : 0)) return false;
    if (bytes[start + 1] > 1) return this.#fail('damaged_end');
    const littleEndian = bytes[start + 1] === 0;
    const fields: Definition['fields'] = new Map();
    let size = 0;
    for (let at = start + 5; at < end; at += 3) {
      fields.set(bytes[at], { offset: size, size: bytes[at + 1] });
      size += bytes[at + 1];
    }
    if (hasDeveloperFields) {
      // fields that apps on the watch define: passed over
      const developed = bytes[end];
      if (bytes.length < end + 1 + developed * 3) return false;
      for (let at = end + 1; at < end + 1 + developed * 3; at += 3) size += bytes[at + 1];
      end += 1 + developed * 3;
    }
    const timestamp = fields.get(TIMESTAMP);
    this.#definitions[local] = {
      message: this.#view.getUint16(start + 2, littleEndian),
      size,
      littleEndian,
      fields,
      timestamp: timestamp?.size === 4 ? timestamp.offset : -1,
    };
    this.#at = end;
    return true;
  }

  /** `offset`: five bits of time in the header of a compressed message, -1 in others. */
  #data(local: number, offset: number): boolean {
    const definition = this.#definitions[local];
    if (!definition) return this.#fail('damaged_end');
    const start = this.#at;
    if (this.#bytes.length < start + definition.size) return false;
    this.#at = start + definition.size;
    if (offset >= 0) this.#lastTime += (offset - this.#lastTime) & 0x1f;
    else if (definition.timestamp >= 0) {
      const time = this.#view.getUint32(start + definition.timestamp, definition.littleEndian);
      if (time !== 0xffffffff) this.#lastTime = time;
    }
    const message = this.#shown;
    message.view = this.#view;
    message.start = start;
    message.fields = definition.fields;
    message.littleEndian = definition.littleEndian;
    message.time = this.#lastTime;
    if (this.#file!.take(definition.message, message)) {
      if (++this.#points > this.#limits.points) throw tooManyPoints(this.#limits.points);
    }
    return true;
  }

  #fail(fault: Note): false {
    this.#fault = fault;
    return false;
  }
}
