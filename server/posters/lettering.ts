/** The words on a poster, as coverage: how much of each pixel is ink. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createCanvas, GlobalFonts, type SKRSContext2D } from '@napi-rs/canvas';
import type { Rectangle } from './layout.ts';

export interface Words {
  title: string;
  subtitle: string;
  /** Whose data is shown; small, in the corner. */
  credit: string;
}

/** As shares of the height there is: sizes, and where the baselines are. */
const TITLE = { size: 0.26, y: 0.42, weight: 600, spacing: 0.01, ink: 1 };
const SUBTITLE = { size: 0.1, y: 0.64, weight: 400, spacing: 0.015, ink: 0.75 };
const CREDIT = { size: 0.07, y: 0.64, weight: 400, spacing: 0.01, ink: 0.5 };
/** The line that subtitle and credit stand on, shared between them. */
const SHARED = 0.66;

/**
 * Draws the words into a rectangle of so many pixels: one byte a pixel, 0 none to 255 full. A line too long for its
 * place is set smaller, at last cut off with an ellipsis.
 */
export function letter({ width, height }: Rectangle, { title, subtitle, credit }: Words): Uint8Array {
  const canvas = createCanvas(width, height);
  const ink = canvas.getContext('2d');
  ink.fillStyle = '#fff';
  const line = (style: typeof TITLE) => ({ ...style, size: style.size * height, y: style.y * height });
  write(ink, title, { ...line(TITLE), x: 0, width, align: 'left' });
  write(ink, subtitle, { ...line(SUBTITLE), x: 0, width: width * SHARED, align: 'left' });
  write(ink, credit, { ...line(CREDIT), x: width, width: width * (1 - SHARED) * 0.95, align: 'right' });
  const rgba = ink.getImageData(0, 0, width, height).data;
  const coverage = new Uint8Array(width * height);
  for (let at = 0; at < coverage.length; at++) coverage[at] = rgba[at * 4 + 3];
  return coverage;
}

interface Line {
  x: number;
  /** Of the baseline. */
  y: number;
  /** That the words may take. */
  width: number;
  size: number;
  weight: number;
  /** Between letters, as a share of the size. */
  spacing: number;
  /** How dark, 0 to 1. */
  ink: number;
  align: 'left' | 'right';
}

const SMALLEST = 0.5;

function write(ink: SKRSContext2D, words: string, line: Line) {
  if (words === '') return;
  ink.globalAlpha = line.ink;
  const set = (size: number) => {
    ink.font = `${line.weight} ${size}px ${family()}`;
    ink.letterSpacing = `${line.spacing * size}px`;
  };
  set(line.size);
  const share = Math.max(SMALLEST, Math.min(1, line.width / ink.measureText(words).width));
  set(line.size * share);
  ink.textAlign = line.align;
  ink.fillText(
    cut(words, (text) => ink.measureText(text).width <= line.width),
    line.x,
    line.y,
  );
}

/** As much of the words as fits. */
function cut(words: string, fits: (text: string) => boolean): string {
  if (fits(words)) return words;
  const letters = Array.from(words);
  while (letters.length > 0 && !fits(`${letters.join('').trimEnd()}…`)) letters.pop();
  return `${letters.join('').trimEnd()}…`;
}

const FONT_FILE = /^inter-(.+)-wght-normal\.woff2$/;
let families: string | null = null;

/** Inter, bundled, since a server need not have any fonts; for what it has no letters for, the system's. */
function family(): string {
  if (families) return families;
  const folder = new URL('files/', import.meta.resolve('@fontsource-variable/inter/package.json'));
  const names: string[] = [];
  for (const file of readdirSync(folder).sort()) {
    const [, subset] = FONT_FILE.exec(file) ?? [];
    if (!subset) continue;
    GlobalFonts.registerFromPath(fileURLToPath(new URL(file, folder)), `Inter ${subset}`);
    // the subset that has most letters of most words goes first
    if (subset === 'latin') names.unshift(`"Inter ${subset}"`);
    else names.push(`"Inter ${subset}"`);
  }
  families = [...names, 'sans-serif'].join(', ');
  return families;
}
