import { makeApp } from '../app.ts';
import type { Config } from '../config.ts';
import { FolderInUse } from '../data-folder.ts';
import { MAX_ZOOM, type TileSize } from '../geo/tile.ts';
import type { WarmupRequest } from '../warmup/warmup.ts';
import { UsageError } from './command-line.ts';
import type { WarmupReport } from './control.ts';
import { runningServer } from './handover.ts';
import { duration, follow, short, type Watching } from './progress.ts';

const USUAL_LIMIT = 100_000;

const TEXT = { type: 'string' } as const;

/** The options of the command. */
export const WARMUP_OPTIONS = {
  zooms: TEXT,
  popular: { type: 'boolean' },
  sizes: TEXT,
  box: TEXT,
  limit: TEXT,
  athlete: TEXT,
} as const;

type WarmupOptions = { [Name in keyof typeof WARMUP_OPTIONS]?: Name extends 'popular' ? boolean : string };

/** What a command line asks to be drawn ahead. Throws UsageError for what cannot be meant. */
export function readWarmup(values: WarmupOptions): WarmupRequest {
  if (values.popular && values.zooms) throw new UsageError('--popular says which zooms; --zooms says others');
  const box = values.box?.split(',').map(Number) ?? null;
  if (box && !isBox(box)) throw new UsageError('--box is west,south,east,north in degrees');
  const sizes = values.sizes?.split(',').map(Number) ?? null;
  if (sizes && !sizes.every((size) => size === 256 || size === 512))
    throw new UsageError('--sizes are 256,512');
  const limit = values.limit === undefined ? USUAL_LIMIT : Number(values.limit);
  if (!Number.isInteger(limit) || limit < 1) throw new UsageError('--limit is a number of tiles');
  const athlete = values.athlete ?? 'all';
  if (athlete !== 'all' && !/^[1-9][0-9]{0,17}$/.test(athlete))
    throw new UsageError("--athlete is an athlete's id");
  return {
    athlete,
    zooms: values.zooms === undefined ? 'popular' : zoomsOf(values.zooms),
    sizes: sizes as TileSize[] | null,
    box,
    limit,
  };
}

/** Draws tiles ahead: by the running server if there is one, else here. Answers whether all went well. */
export async function warm(config: Config, request: WarmupRequest, stopped: AbortSignal): Promise<boolean> {
  const app = await makeApp(config).catch((error) => {
    if (error instanceof FolderInUse) return error;
    throw error;
  });
  if (app instanceof FolderInUse) {
    const server = await runningServer(config.dataDir, app);
    const id = await server.warm(request);
    // Ctrl-C stops watching; the server goes on
    return showWarmup(() => server.warmup(id), { signal: stopped });
  }
  try {
    const { start, warmups } = app.warmup;
    const id = await start(request);
    if (id === null) throw new Error(`there is no athlete ${request.athlete}`);
    return await showWarmup(() => warmups.find(id), { signal: stopped });
  } finally {
    await app.close();
  }
}

async function showWarmup(
  read: () => Promise<WarmupReport | null>,
  { signal, output = process.stderr }: Watching,
): Promise<boolean> {
  const ended = await follow(
    async () => {
      const now = await read();
      return now && { ...now, total: now.planned };
    },
    {
      format: 'warming {bar} {value}/{total} tiles, {rate} tiles/s, {left} left, {failed} failed',
      payloadOf: (now) => ({
        rate: now?.rate ? short(now.rate) : '…',
        left: now?.secondsLeft ? duration(now.secondsLeft) : '…',
        failed: now?.failed ?? 0,
      }),
      signal,
      output,
    },
  );
  if (ended === null) return false;
  const { state, done, skipped, failed } = ended;
  output.write(
    `${state === 'done' ? 'Warmed' : 'Stopped after'} ${done} tiles: ${done - skipped - failed} drawn, ${skipped} were there, ${failed} failed.\n`,
  );
  return state === 'done' && failed === 0;
}

/** `3-14`, `12`, `3,5,10-12`. */
function zoomsOf(text: string): number[] {
  const zooms = text.split(',').flatMap((part) => {
    const [, from, to = from] = /^(\d{1,2})(?:-(\d{1,2}))?$/.exec(part) ?? [];
    return Array.from({ length: Number(to) - Number(from) + 1 || 0 }, (_, at) => Number(from) + at);
  });
  if (zooms.length === 0 || zooms.some((zoom) => zoom > MAX_ZOOM)) {
    throw new UsageError(`--zooms are such as 3-14 or 9,12, from 0 to ${MAX_ZOOM}`);
  }
  return zooms;
}

function isBox(box: number[]): box is [number, number, number, number] {
  const [west, south, east, north] = box;
  const onEarth = Math.abs(west) <= 180 && Math.abs(east) <= 180 && south >= -90 && north <= 90;
  return box.length === 4 && onEarth && south < north && west !== east;
}
