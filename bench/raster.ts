/** A tile drawn and encoded, against the same lines at the same width drawn with a canvas. */
import { createCanvas } from '@napi-rs/canvas';
import { chunkPoints } from '../server/geo/chunks.ts';
import { levelFor } from '../server/geo/levels.ts';
import type { Tile, TileSize } from '../server/geo/tile.ts';
import { bounds } from '../server/geo/tile.ts';
import { drawVisits } from '../server/heat/raster.ts';
import { pixelWidth, reach } from '../server/heat/width.ts';
import { renderTile } from '../server/tiles/render.ts';
import type { EncodedAthlete } from './encoded.ts';
import { encodedAthlete, refsNear } from './encoded.ts';
import { measure } from './measure.ts';
import type { Table } from './table.ts';

const ZOOMS = [0, 3, 6, 9, 12, 14, 16, 18, 20];

interface Job {
  tile: Tile;
  size: TileSize;
  blocks: SharedArrayBuffer[];
  refs: Uint32Array;
  activities: number;
}

/** The lines of one activity in a tile: x, y interleaved in world units, as a Node author would keep them. */
type Lines = Float64Array[];

export async function rasterBench({ smoke }: { smoke: boolean }): Promise<Table[]> {
  const athlete = smoke ? encodedAthlete(60, 500) : encodedAthlete(5000, 4000);
  const rows: (string | number)[][] = [];
  const gains: number[] = [];
  for (const size of [256, 512] as const) {
    for (const zoom of smoke ? [0, 12, 18] : ZOOMS) {
      const job = busiest(athlete, zoom, size);
      const lines = linesOf(job);
      checkSamePicture(job, lines);
      const runs = smoke ? 1 : 9;
      const { pathglow, canvas } = await measure(
        { pathglow: () => renderTile(job), canvas: () => canvasTile(job, lines) },
        { runs, warmup: smoke ? 0 : 2 },
      );
      const gain = canvas.median / pathglow.median;
      gains.push(gain);
      rows.push([
        zoom.toFixed(),
        size.toFixed(),
        job.activities.toFixed(),
        lines
          .flat()
          .reduce((sum, line) => sum + line.length / 2 - 1, 0)
          .toFixed(),
        pathglow.median,
        pathglow.p99,
        canvas.median,
        canvas.p99,
        gain,
        renderTile(job).length / 1024,
        (await canvasTile(job, lines)).length / 1024,
      ]);
    }
  }
  const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
  return [
    {
      title: 'Drawing and encoding a tile',
      note:
        `The busiest tile of each zoom of a made-up athlete of ${athlete.activities} activities and ` +
        `${(athlete.points / 1e6).toFixed(1)} million points; milliseconds and KiB. The alternative draws the same simplified ` +
        "lines, decoded beforehand, at the same width with @napi-rs/canvas in 'lighter' mode, and encodes with " +
        `canvas.encode('png'). ${mean.toFixed(1)} times faster in the mean, ${Math.min(...gains).toFixed(1)} at least.`,
      columns: [
        'zoom',
        'px',
        'activities',
        'segments',
        'ours',
        'p99',
        'canvas',
        'p99',
        'times faster',
        'KiB',
        'canvas KiB',
      ],
      rows,
    },
  ];
}

/** What one would write first: a stroke per activity, added up by the canvas. */
function drawOnCanvas(
  { tile, size }: Pick<Job, 'tile' | 'size'>,
  activities: Lines[],
  colour = 'rgba(255, 120, 40, 0.1)',
) {
  const canvas = createCanvas(size, size);
  const context = canvas.getContext('2d');
  const { minX, minY, maxX } = bounds(tile);
  const scale = size / (maxX - minX);
  context.globalCompositeOperation = 'lighter';
  context.strokeStyle = colour;
  context.lineWidth = pixelWidth(tile.z, size);
  context.lineCap = 'round';
  context.lineJoin = 'round';
  for (const lines of activities) {
    context.beginPath();
    for (const line of lines) {
      context.moveTo((line[0] - minX) * scale, (line[1] - minY) * scale);
      // a line to where it is makes a dot of a single point
      for (let at = line.length === 2 ? 0 : 2; at < line.length; at += 2) {
        context.lineTo((line[at] - minX) * scale, (line[at + 1] - minY) * scale);
      }
    }
    context.stroke();
  }
  return canvas;
}

async function canvasTile(job: Job, activities: Lines[]): Promise<Buffer> {
  return drawOnCanvas(job, activities).encode('png');
}

/** Throws when one covers pixels that the other does not: one activity after the other, opaque. */
function checkSamePicture({ tile, size, blocks, refs }: Job, activities: Lines[]) {
  let lit = 0;
  let differing = 0;
  for (let at = 0, activity = 0; activity < Math.min(20, activities.length); activity++) {
    const end = at + 1 + refs[at] * 2;
    const visits = drawVisits(tile, size, blocks, refs.subarray(at, end));
    const canvas = drawOnCanvas({ tile, size }, [activities[activity]], 'white');
    const { data } = canvas.getContext('2d').getImageData(0, 0, size, size);
    for (let pixel = 0; pixel < visits.length; pixel++) {
      if (visits[pixel] > 0) lit++;
      if (Math.abs(visits[pixel] - data[pixel * 4 + 3]) > 100) differing++;
    }
    at = end;
  }
  // round caps and joins of a pixel or two are not quite the same shape
  if (differing > lit * 0.02) {
    throw new Error(`the pictures differ at zoom ${tile.z}, ${size} px: ${differing} of ${lit} pixels`);
  }
}

/** The tile that most activities' chunks come near, found by going down the pyramid. */
function busiest(athlete: EncodedAthlete, zoom: number, size: TileSize): Job {
  let tile: Tile = { z: 0, x: 0, y: 0 };
  const level = athlete.levels[levelFor(size === 512 ? zoom + 1 : zoom)];
  const near = (candidate: Tile) => refsNear(level, bounds(candidate), reach(zoom, size));
  let best = near(tile);
  for (let z = 1; z <= zoom; z++) {
    const { x, y } = tile;
    let most = -1;
    for (const [right, down] of [
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
    ]) {
      const candidate = { z, x: x * 2 + right, y: y * 2 + down };
      const found = near(candidate);
      if (found.activities > most) {
        most = found.activities;
        tile = candidate;
        best = found;
      }
    }
  }
  return { tile, size, blocks: level.blocks, ...best };
}

function linesOf({ blocks, refs }: Job): Lines[] {
  const activities: Lines[] = [];
  for (let at = 0; at < refs.length; ) {
    const end = at + 1 + refs[at] * 2;
    const lines: Lines = [];
    for (at++; at < end; at += 2) lines.push(chunkPoints(new Uint8Array(blocks[refs[at]]), refs[at + 1]));
    activities.push(lines);
  }
  return activities;
}
