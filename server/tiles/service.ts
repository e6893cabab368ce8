import { COARSE_LEVELS } from '../geo/levels.ts';
import { worldXToLng, worldYToLat } from '../geo/mercator.ts';
import type { Bounds, Tile, TileSize } from '../geo/tile.ts';
import { bounds, MAX_ZOOM } from '../geo/tile.ts';
import { EMPTY_TILE } from '../heat/png.ts';
import type { AthleteIndex } from '../index/athlete-index.ts';
import { EVERYTHING, type Filter } from '../index/filter.ts';
import type { IndexPool, Part } from '../index/pool.ts';
import { windowOf } from '../index/window.ts';
import { AddressTable, EMPTY } from './address.ts';
import type { TileCache } from './cache.ts';
import { Exposures } from './exposures.ts';
import { type Asker, Flights } from './flights.ts';
import type { Subject } from './map.ts';
import { placed } from './placed.ts';
import type { RenderQueue } from './render-queue.ts';
import type { TileSecrets } from './secrets.ts';
import { secretsOf } from './secrets.ts';
import type { Urgency } from './urgency.ts';

/** A tile without colours, and where it came from. */
export interface FoundTile {
  address: string;
  png: Buffer;
  from: 'empty' | 'memory' | 'disk' | 'shared' | 'render';
}

export interface TileServiceOptions {
  indexes: IndexPool;
  cache: TileCache;
  queue: RenderQueue;
  /** The athlete's data key; the same Buffer for as long as it is kept. */
  dataKey(athleteId: string): Promise<Buffer>;
  /** Told of each request for a tile that has heat. */
  onAsked?(request: TileRequest): void;
}

export interface TileRequest extends Subject {
  tile: Tile;
  size: TileSize;
  filter: Filter;
}

/** Milliseconds since a tile was last asked for, after which nobody looks any more. */
const LOOKING = 1000;

/** The zoom of the tile that `home` finds: some kilometres. */
const HOME_ZOOM = 12;
/** At which a map opens on a town and what is around it; the world is 512 px wide at 0. */
const VIEW_ZOOM = 10.5;

/** Addresses, cached and rendered tiles, and exposures of every athlete. */
export class TileService {
  readonly #options: TileServiceOptions;
  readonly #flights = new Flights<FoundTile>();
  readonly #exposures = new Exposures();
  readonly #tables = new WeakMap<AthleteIndex, AddressTable>();
  readonly #counts = { empty: 0, memory: 0, disk: 0, shared: 0, render: 0, warmed: 0 };
  readonly #requests = new Array<number>(MAX_ZOOM + 1).fill(0);
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(options: TileServiceOptions) {
    this.#options = options;
  }

  /** The present address of a tile that a client asks for: enough to answer 304. Throws what the index pool throws. */
  async address(request: TileRequest): Promise<string> {
    const { tile, size, filter } = request;
    const address = (await this.#open(request)).table.find(tile, size, filter);
    this.#requests[tile.z]++;
    this.#lookedAt = performance.now();
    if (address === EMPTY) this.#counts.empty++;
    else this.#options.onAsked?.(request);
    return address;
  }

  /** The tile. Throws Busy when too many wait to be drawn, and the signal's reason when it is aborted. */
  async get(request: TileRequest, signal?: AbortSignal): Promise<FoundTile> {
    const found = await this.#find(request, { signal });
    this.#counts[found.from]++;
    return found;
  }

  /** Has the tile drawn in the background, unless it is kept already. Throws the signal's reason when it is aborted. */
  async warm(request: TileRequest, signal?: AbortSignal): Promise<'empty' | 'kept' | 'drawn'> {
    const { tile, size, filter } = request;
    const address = (await this.#open(request)).table.find(tile, size, filter);
    if (address === EMPTY) return 'empty';
    if (await this.#options.cache.has(address)) return 'kept';
    const { from } = await this.#find(request, { signal, background: true });
    if (from !== 'render') return from === 'empty' ? 'empty' : 'kept';
    this.#counts.warmed++;
    return 'drawn';
  }

  /** Resolves when what was drawn until now is kept, and a process that dies loses none of it. */
  settled(): Promise<void> {
    return this.#options.cache.settled();
  }

  /** Whether somebody asked for tiles just now. */
  isLookedAt(): boolean {
    return performance.now() - this.#lookedAt < LOOKING;
  }

  /** Tiles drawn in the background at once; more at a time would only wait. */
  get backgroundConcurrency(): number {
    return this.#options.queue.backgroundConcurrency;
  }

  /** The visits that are drawn hottest at a zoom under a filter; the same for every tile of that zoom. */
  async exposure(
    { athleteId, geometry }: Subject,
    filter: Filter,
    zoom: number,
    asker: Asker = {},
  ): Promise<number> {
    const subject = { athleteId, geometry };
    const index = await this.#index(subject, partOf({ z: zoom, x: 0, y: 0 }, 256));
    return this.#exposures.of(subject, index, filter, zoom, (tile) =>
      this.#find({ ...subject, tile, size: 256, filter }, asker),
    );
  }

  /** The exposures of all zooms, from 0 to MAX_ZOOM. */
  async exposures(subject: Subject, filter: Filter): Promise<number[]> {
    const exposures: number[] = [];
    // from the top, so that each zoom finds the one above it searched already
    for (let zoom = 0; zoom <= MAX_ZOOM; zoom++) exposures.push(await this.exposure(subject, filter, zoom));
    return exposures;
  }

  /** World units; null when nothing is drawn. */
  async extent(subject: Subject, filter: Filter): Promise<Bounds | null> {
    return (await this.#index(subject, 'coarse')).extent(filter);
  }

  /** Where most activities are: the middle of the tile that most of them touch; null when nothing is drawn. */
  async home(subject: Subject, filter: Filter = EVERYTHING): Promise<{ lng: number; lat: number } | null> {
    const index = await this.#index(subject, 'coarse');
    const [tile] = await this.#exposures.busiest(index, filter, HOME_ZOOM);
    if (!tile) return null;
    const { minX, minY, maxX, maxY } = bounds(tile);
    return { lng: worldXToLng((minX + maxX) / 2), lat: worldYToLat((minY + maxY) / 2) };
  }

  /** Where a map opens: all of it, or most of it where all is too much to see a way; null when nothing is drawn. */
  async view(
    subject: Subject,
    filter: Filter = EVERYTHING,
  ): Promise<{ lng: number; lat: number; zoom: number } | null> {
    const [extent, home] = await Promise.all([this.extent(subject, filter), this.home(subject, filter)]);
    if (!extent) return null;
    const [lng, lat, zoom] = placed(extent, home, VIEW_ZOOM).center;
    return { lng, lat, zoom };
  }

  /** Figures for the operator. */
  figures() {
    const { indexes, cache, queue } = this.#options;
    return {
      tiles: { ...this.#counts },
      requests: [...this.#requests],
      inFlight: this.#flights.size,
      queue: queue.figures(),
      cache: cache.figures(),
      index: indexes.figures(),
    };
  }

  async #find(request: TileRequest, asker: Asker): Promise<FoundTile> {
    const { tile, size, filter } = request;
    const { table, secrets } = await this.#open(request);
    const address = table.find(tile, size, filter);
    const found = this.#atHand(address) ?? (await this.#fly(address, request, table, secrets, asker));
    // Drawn for whoever asked before, of a moment between then and now: what others may see may have shrunk since.
    return found.address === address ? found : this.#find(request, asker);
  }

  async #open(request: TileRequest): Promise<{ table: AddressTable; secrets: TileSecrets }> {
    const secrets = secretsOf(await this.#options.dataKey(request.athleteId));
    const index = await this.#index(request, partOf(request.tile, request.size));
    let table = this.#tables.get(index);
    if (!table) {
      table = new AddressTable(index, secrets.address[request.geometry]);
      this.#tables.set(index, table);
    }
    return { table, secrets };
  }

  #index({ athleteId, geometry }: Subject, part: Part): Promise<AthleteIndex> {
    return this.#options.indexes.current(athleteId, part, geometry);
  }

  #atHand(address: string): FoundTile | undefined {
    if (address === EMPTY) return { address, png: EMPTY_TILE, from: 'empty' };
    const png = this.#options.cache.remembered(address);
    return png && { address, png, from: 'memory' };
  }

  #fly(
    address: string,
    { tile, size, filter }: TileRequest,
    table: AddressTable,
    secrets: TileSecrets,
    asker: Asker,
  ): Promise<FoundTile> {
    const { cache, queue } = this.#options;
    const fetch = async (gone: AbortSignal, urgency: Urgency): Promise<FoundTile> => {
      const cached = await cache.read(address, secrets.cache);
      if (cached) return { address, png: cached, from: cache.tier };
      gone.throwIfAborted();
      // The index may have moved on while the disk was asked: what is drawn is what the address is made from.
      const { address: drawn, drawing } = table.draw(tile, size, filter);
      if (!drawing) return { address: EMPTY, png: EMPTY_TILE, from: 'empty' };
      const bytes = await queue.run({ tile, size, ...drawing }, gone, urgency);
      const png = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      cache.write(drawn, secrets.cache, png, { onlyIfRoom: !urgency.live });
      return { address: drawn, png, from: 'render' };
    };
    return this.#flights.join(address, fetch, asker);
  }
}

/** The coarse levels draw the low zooms: their tiles need not wait for the rest of an athlete's history. */
function partOf(tile: Tile, size: TileSize): Part {
  return windowOf(tile, size).level < COARSE_LEVELS ? 'coarse' : 'fine';
}
