import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import type { Basemap } from './http/basemap.ts';
import type { StravaApp } from './strava/strava-app.ts';

/** One setting: how its text becomes its value, what it is when nobody says, and what it means. */
interface Setting<T> {
  /** As the README shows it. */
  default: string;
  description: string;
  /** Throws with what is wrong about the text. */
  read(text: string | undefined): T;
}

const integer = (min: number, max: number, fallback: number, description: string): Setting<number> => ({
  default: String(fallback),
  description,
  read(text) {
    if (text === undefined) return fallback;
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max)
      throw new Error(`a whole number from ${min} to ${max}`);
    return value;
  },
});

const text = (fallback: string, description: string): Setting<string> => ({
  default: fallback,
  description,
  read: (given) => given ?? fallback,
});

const address = (fallback: string, description: string): Setting<string> => ({
  default: fallback,
  description,
  read: (given = fallback) => url(['http:', 'https:'])(given).replace(/\/+$/, ''),
});

const optional = <T>(
  description: string,
  read: (given: string) => T,
  whenUnset = 'unset',
): Setting<T | null> => ({
  default: whenUnset,
  description,
  read: (given) => (given === undefined ? null : read(given)),
});

const oneOf = <T extends string>(words: readonly T[], fallback: T, description: string): Setting<T> => ({
  default: fallback,
  description,
  read(given = fallback) {
    const word = words.find((one) => one === given);
    if (word === undefined) throw new Error(`one of ${words.join(', ')}`);
    return word;
  },
});

/** Every setting there is. */
export const SETTINGS = {
  HOST: text('127.0.0.1', 'address to listen on; any but loopback wants OWNER_PASSWORD'),
  PORT: integer(0, 65_535, 8080, 'port to listen on; 0 takes a free one'),
  PUBLIC_URL: optional(
    'where browsers reach this server, if not at its address',
    url(['http:', 'https:']),
    'its address',
  ),
  DATA_DIR: text('./data', 'folder for the embedded database, keys, uploads in flight and cached tiles'),
  DATABASE_URL: optional('a PostgreSQL (with PostGIS) to use', url(['postgres:', 'postgresql:']), 'embedded'),
  PATHGLOW_MASTER_KEY: optional(
    'the key that wraps all others: 64 hexadecimal digits',
    masterKey,
    'made in DATA_DIR',
  ),
  PATHGLOW_NEW_MASTER_KEY: optional('the key that `rotate-master-key` changes it for', masterKey),
  OWNER_PASSWORD: optional('signs the owner in where the link cannot, at least 10 characters', password),
  STRAVA_CLIENT_ID: optional('your API application at Strava, as its settings there show it', clientId),
  STRAVA_CLIENT_SECRET: optional('its secret', (given) => given),
  STRAVA_ATHLETE_LIMIT: integer(
    1,
    9999,
    1,
    'how many athletes may connect: as many as Strava lets your application',
  ),
  STRAVA_WEBHOOK_SECRET: optional(
    'opens the address that Strava tells news to, at least 16 letters and digits',
    secret,
  ),
  STRAVA_RETENTION_DAYS: optional(
    "days after which what Strava's API gave is read again or dropped",
    days,
    'none',
  ),
  SHARE_STRAVA_API_DATA: oneOf(['false', 'true'], 'false', "let shares show what Strava's API gave"),
  STRAVA_API_URL: address('https://www.strava.com/api/v3', "where Strava's API is"),
  STRAVA_OAUTH_URL: address('https://www.strava.com/oauth', 'where Strava asks for consent and gives tokens'),
  STRAVA_WEBSITE_URL: address('https://www.strava.com', 'where "View on Strava" leads'),
  ADMIN_TOKEN: optional('opens /admin and /metrics to the operator, at least 16 characters', adminToken),
  REDIS_URL: optional(
    'a Redis or Valkey that keeps rendered tiles for several processes, in place of the disk',
    url(['redis:', 'rediss:']),
  ),
  BASEMAP_STYLE_URL: optional(
    'map below the heat: a MapLibre style or a raster template with {z}/{x}/{y}',
    basemap,
    'bundled land map',
  ),
  BASEMAP_ATTRIBUTION: text('', 'credit shown for a raster map'),
  GOOGLE_MAPS_API_KEY: optional(
    'offers Google Maps as well; the key is shown to browsers, so bind it to your origin',
    secret,
  ),
  CACHE_MEMORY_MB: integer(1, 65_536, 256, 'memory for rendered tiles'),
  CACHE_DISK_MB: integer(0, 1_048_576, 1024, 'disk for rendered tiles; 0 keeps none'),
  INDEX_MEMORY_MB: integer(16, 65_536, 1024, "memory for athletes' indexes"),
  RENDER_WORKERS: integer(1, 64, availableParallelism(), 'threads that draw tiles; by default one per core'),
  TRUST_PROXY: oneOf(['false', 'true'], 'false', 'believe X-Forwarded-* of the proxy in front'),
  LOG_LEVEL: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'silent'], 'info', 'what is logged'),
} as const;

type Values = { [Name in keyof typeof SETTINGS]: ReturnType<(typeof SETTINGS)[Name]['read']> };

/** The settings, read and checked. */
export interface Config {
  host: string;
  port: number;
  /** Without a slash at the end; null: made from the address. */
  publicUrl: string | null;
  /** Absolute. */
  dataDir: string;
  databaseUrl: string | null;
  masterKey: Buffer | null;
  newMasterKey: Buffer | null;
  ownerPassword: string | null;
  /** null: nobody connects with Strava. */
  strava: StravaApp | null;
  /** Whether shares may show what Strava's API gave. */
  shareStravaApiData: boolean;
  adminToken: string | null;
  redisUrl: string | null;
  basemap: Basemap;
  googleMapsKey: string | null;
  /** Bytes. */
  cacheMemory: number;
  cacheDisk: number;
  indexMemory: number;
  renderWorkers: number;
  trustProxy: boolean;
  logLevel: Values['LOG_LEVEL'];
}

/** Settings that cannot be meant, all of them at once. */
export class InvalidConfig extends Error {
  readonly faults: string[];
  constructor(faults: string[]) {
    super(`The settings are not right:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'InvalidConfig';
    this.faults = faults;
  }
}

const MB = 2 ** 20;

/** Reads the settings from an environment; empty means unset. Throws InvalidConfig. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const faults: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(SETTINGS)) {
    try {
      values[name] = setting.read(env[name] || undefined);
    } catch (error) {
      faults.push(`${name}: ${(error as Error).message}`);
    }
  }
  const read = values as Values;
  if (faults.length === 0) faults.push(...contradictions(read));
  if (faults.length > 0) throw new InvalidConfig(faults);
  return {
    host: read.HOST,
    port: read.PORT,
    publicUrl: read.PUBLIC_URL?.replace(/\/+$/, '') ?? null,
    dataDir: resolve(read.DATA_DIR),
    databaseUrl: read.DATABASE_URL,
    masterKey: read.PATHGLOW_MASTER_KEY,
    newMasterKey: read.PATHGLOW_NEW_MASTER_KEY,
    ownerPassword: read.OWNER_PASSWORD,
    strava: stravaOf(read),
    shareStravaApiData: read.SHARE_STRAVA_API_DATA === 'true',
    adminToken: read.ADMIN_TOKEN,
    redisUrl: read.REDIS_URL,
    basemap: withAttribution(read.BASEMAP_STYLE_URL, read.BASEMAP_ATTRIBUTION),
    googleMapsKey: read.GOOGLE_MAPS_API_KEY,
    cacheMemory: read.CACHE_MEMORY_MB * MB,
    cacheDisk: read.CACHE_DISK_MB * MB,
    indexMemory: read.INDEX_MEMORY_MB * MB,
    renderWorkers: read.RENDER_WORKERS,
    trustProxy: read.TRUST_PROXY === 'true',
    logLevel: read.LOG_LEVEL,
  };
}

/** What is wrong with settings each of which could be meant. */
function contradictions(read: Values): string[] {
  const faults: string[] = [];
  const [id, secret] = [read.STRAVA_CLIENT_ID !== null, read.STRAVA_CLIENT_SECRET !== null];
  if (id && !secret)
    faults.push('STRAVA_CLIENT_SECRET: STRAVA_CLIENT_ID is set, which is worth nothing without it');
  if (secret && !id)
    faults.push('STRAVA_CLIENT_ID: STRAVA_CLIENT_SECRET is set, which is worth nothing without it');
  for (const name of ['STRAVA_WEBHOOK_SECRET', 'STRAVA_RETENTION_DAYS'] as const) {
    if (!id && !secret && read[name] !== null) faults.push(`${name}: means nothing without STRAVA_CLIENT_ID`);
  }
  if (read.STRAVA_WEBHOOK_SECRET !== null && read.PUBLIC_URL === null) {
    faults.push('PUBLIC_URL: STRAVA_WEBHOOK_SECRET is set, and Strava has to be told where to send news');
  }
  // whoever comes from Strava signs in there; the owner then by links alone
  if (!isLoopback(read.HOST) && read.OWNER_PASSWORD === null && !id) {
    faults.push(
      `OWNER_PASSWORD: HOST is ${read.HOST}, which others can reach, so the owner needs a password, or everybody Strava (STRAVA_CLIENT_ID)`,
    );
  }
  return faults;
}

function stravaOf(read: Values): StravaApp | null {
  if (read.STRAVA_CLIENT_ID === null || read.STRAVA_CLIENT_SECRET === null) return null;
  return {
    clientId: read.STRAVA_CLIENT_ID,
    clientSecret: read.STRAVA_CLIENT_SECRET,
    athleteLimit: read.STRAVA_ATHLETE_LIMIT,
    webhookSecret: read.STRAVA_WEBHOOK_SECRET,
    retentionDays: read.STRAVA_RETENTION_DAYS,
    apiUrl: read.STRAVA_API_URL,
    oauthUrl: read.STRAVA_OAUTH_URL,
    websiteUrl: read.STRAVA_WEBSITE_URL,
  };
}

/** Whether only this machine can reach an address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function url(protocols: readonly string[]) {
  return (given: string): string => {
    if (!URL.canParse(given) || !protocols.includes(new URL(given).protocol)) {
      throw new Error(`a URL that begins with ${protocols.map((one) => `${one}//`).join(' or ')}`);
    }
    return given;
  };
}

function masterKey(given: string): Buffer {
  if (!/^[0-9a-f]{64}$/i.test(given))
    throw new Error('64 hexadecimal digits, as `openssl rand -hex 32` makes them');
  return Buffer.from(given, 'hex');
}

function password(given: string): string {
  if (given.length < 10) throw new Error('at least 10 characters');
  return given;
}

function clientId(given: string): string {
  if (!/^\d{1,18}$/.test(given)) throw new Error('a whole number');
  return given;
}

function secret(given: string): string {
  if (!/^[A-Za-z0-9_-]{16,128}$/.test(given))
    throw new Error('16 to 128 letters, digits, hyphens and underscores');
  return given;
}

function days(given: string): number {
  const count = Number(given);
  if (!/^\d{1,4}$/.test(given) || count < 2) throw new Error('a whole number from 2 on');
  return count;
}

function adminToken(given: string): string {
  if (given.length < 16 || /\s/.test(given)) throw new Error('at least 16 characters, without spaces');
  return given;
}

function basemap(given: string): Basemap {
  url(['http:', 'https:'])(given.replace(/[{}]/g, ''));
  const isTemplate = ['{z}', '{x}', '{y}'].every((part) => given.includes(part));
  return isTemplate ? { kind: 'raster', url: given, attribution: '' } : { kind: 'style', url: given };
}

function withAttribution(given: Basemap | null, attribution: string): Basemap {
  if (given === null) return { kind: 'land' };
  return given.kind === 'raster' ? { ...given, attribution } : given;
}
