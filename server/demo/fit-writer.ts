import type { RawActivity } from '../tracks/recording.ts';

export interface FitOptions {
  /** Most devices write little-endian; some do not. */
  bigEndian?: boolean;
  /** Fields of watch apps in every record. */
  developerFields?: boolean;
  /** Times in five bits of the record's header. */
  compressedTimes?: boolean;
  header?: 12 | 14;
  /** 4 is an activity, 6 a course, 32 a day's steps. */
  fileType?: number;
  manufacturer?: number;
  sport?: number;
  subSport?: number;
  /** A flat battery leaves no session behind, and no length in the header. */
  sessions?: boolean;
  length?: number;
}

const EPOCH = 631_065_600;
const ENUM = 0;
const UINT16 = 0x84;
const SINT32 = 0x85;
const UINT32 = 0x86;
const SPORT_NUMBERS: Record<string, number> = { Run: 1, Ride: 2, Swim: 5, Walk: 11, Hike: 17, TrailRun: 1 };

/** Writes activities as one FIT file: the records of all lines, then a session for each activity. */
export function fitFile(activities: RawActivity | RawActivity[], options: FitOptions = {}): Buffer {
  const all = [activities].flat();
  const { fileType = 4, manufacturer = 1, compressedTimes = false, sessions = true } = options;
  const messages = new Messages(options.bigEndian ?? false);
  const created = fitTime(all[0]?.startedAt ?? EPOCH);
  messages.write(0, 0, [
    [0, ENUM, fileType],
    [1, UINT16, manufacturer],
    [4, UINT32, created],
  ]);
  let last = Number.NaN;
  for (const { lines } of all) {
    for (const { lng, lat, time, altitude } of lines) {
      for (let at = 0; at < lat.length; at++) {
        const seconds = fitTime(time[at]);
        const height = Number.isNaN(altitude[at]) ? 0xffff : Math.round((altitude[at] + 500) * 5);
        const fields: Field[] = [
          [0, SINT32, semicircles(lat[at])],
          [1, SINT32, semicircles(lng[at])],
          [2, UINT16, height],
        ];
        const compressed = compressedTimes && seconds - last >= 0 && seconds - last < 32;
        if (compressed) messages.write(20, 2, fields, { timeOffset: seconds & 31 });
        else {
          messages.write(20, 1, [[253, UINT32, seconds], ...fields], { developer: options.developerFields });
        }
        last = seconds;
      }
    }
  }
  for (const { sport, startedAt } of sessions ? all : []) {
    messages.write(18, 3, [
      [253, UINT32, fitTime(startedAt ?? Number.NaN)],
      [2, UINT32, fitTime(startedAt ?? Number.NaN)],
      [5, ENUM, options.sport ?? SPORT_NUMBERS[sport ?? ''] ?? 0],
      [6, ENUM, options.subSport ?? (sport === 'TrailRun' ? 3 : 0)],
    ]);
  }
  return framed(messages.bytes(), options);
}

type Field = [number: number, type: number, value: number];

class Messages {
  readonly #bigEndian: boolean;
  readonly #parts: Buffer[] = [];
  readonly #defined = new Map<number, string>();

  constructor(bigEndian: boolean) {
    this.#bigEndian = bigEndian;
  }

  /** Writes a message, and before it its definition if the local number stands for another one. */
  write(
    message: number,
    local: number,
    fields: Field[],
    { timeOffset = -1, developer = false }: { timeOffset?: number; developer?: boolean } = {},
  ): void {
    const layout = JSON.stringify([message, developer, ...fields.map(([number, type]) => [number, type])]);
    if (this.#defined.get(local) !== layout) {
      const definition = Buffer.alloc(6 + fields.length * 3 + (developer ? 4 : 0));
      definition[0] = 0x40 | local | (developer ? 0x20 : 0);
      definition[2] = this.#bigEndian ? 1 : 0;
      if (this.#bigEndian) definition.writeUInt16BE(message, 3);
      else definition.writeUInt16LE(message, 3);
      definition[5] = fields.length;
      fields.forEach(([number, type], at) => {
        definition.set([number, sizeOf(type), type], 6 + at * 3);
      });
      // one field of three bytes, of app 0
      if (developer) definition.set([1, 7, 3, 0], 6 + fields.length * 3);
      this.#parts.push(definition);
      this.#defined.set(local, layout);
    }
    const size = fields.reduce((sum, [, type]) => sum + sizeOf(type), 0);
    const data = Buffer.alloc(1 + size + (developer ? 3 : 0));
    data[0] = timeOffset < 0 ? local : 0x80 | (local << 5) | timeOffset;
    let to = 1;
    for (const [, type, value] of fields) {
      if (type === ENUM) data[to] = value;
      else if (type === UINT16) to16(data, value, to, this.#bigEndian);
      else to32(data, value, to, this.#bigEndian);
      to += sizeOf(type);
    }
    if (developer) data.set([1, 2, 3], to);
    this.#parts.push(data);
  }

  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

function framed(messages: Buffer, { header = 14, length }: FitOptions): Buffer {
  const head = Buffer.alloc(header);
  head[0] = header;
  head[1] = 0x20;
  head.writeUInt16LE(2132, 2);
  head.writeUInt32LE(length ?? messages.length, 4);
  head.write('.FIT', 8, 'latin1');
  if (header === 14) head.writeUInt16LE(crc(head.subarray(0, 12)), 12);
  const file = Buffer.concat([head, messages, Buffer.alloc(2)]);
  file.writeUInt16LE(crc(file.subarray(0, -2)), file.length - 2);
  return file;
}

function sizeOf(type: number): number {
  return type === ENUM ? 1 : type === UINT16 ? 2 : 4;
}

function to16(bytes: Buffer, value: number, at: number, bigEndian: boolean): void {
  if (bigEndian) bytes.writeUInt16BE(value, at);
  else bytes.writeUInt16LE(value, at);
}

function to32(bytes: Buffer, value: number, at: number, bigEndian: boolean): void {
  if (bigEndian) bytes.writeUInt32BE(value >>> 0, at);
  else bytes.writeUInt32LE(value >>> 0, at);
}

/** 0x7FFFFFFF where there is no position. */
function semicircles(degrees: number): number {
  return Number.isNaN(degrees) ? 0x7fffffff : Math.round((degrees * 2 ** 31) / 180);
}

function fitTime(unixSeconds: number): number {
  return Number.isNaN(unixSeconds) ? 0xffffffff : Math.round(unixSeconds) - EPOCH;
}

/** CRC-16 of the FIT protocol (ARC), bit by bit. */
function crc(bytes: Uint8Array): number {
  let value = 0;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xa001 : value >>> 1;
  }
  return value;
}
