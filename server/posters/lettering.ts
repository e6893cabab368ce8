/** The words on a poster. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createCanvas, GlobalFonts, type SKRSContext2D } from '@napi-rs/canvas';
import type { GradientStop, Ground } from '../heat/gradient.ts';
import type { Layout } from './layout.ts';
import { type Colour, THEMES } from './paint.ts';

export interface Words {
  title: string;
  subtitle: string;
  /** Whose data is shown; small, in the corner. */
  credit: string;
}

/** What has colours of its own on the map, by name. */
export interface LegendEntry {
  name: string;
  gradient: readonly GradientStop[];
}

export interface Lettering {
  layout: Layout;
  words: Words;
  legend: readonly LegendEntry[];
  theme: Ground;
}

/** As shares of the height there is: the sizes of letters. */
const TITLE = { size: 0.26, weight: 600, spacing: 0.01, ink: 1 };
const SUBTITLE = { size: 0.1, weight: 400, spacing: 0.015, ink: 0.75 };
const LEGEND = { size: 0.07, weight: 400, spacing: 0.01, ink: 0.75 };
const CREDIT = { size: 0.07, weight: 400, spacing: 0.01, ink: 0.5 };
/**
 * The same of the baselines, of two lines or three: the last, which the credit shares, is no nearer to the edge than the
 * map is.
 */
const TWO_LINES = [0.42, 0.64];
const THREE_LINES = [0.37, 0.565, 0.73];
/** Of the last line, what is at its left. */
const SHARED = 0.66;
/** In sizes of the letters: the strokes before the names of a legend, how far from them, and from the name before. */
const STROKE = { length: 1.3, width: 0.3, gap: 0.45, apart: 1.25 };

/** Of small letters, in sizes of theirs. */
const X_HEIGHT = 0.54;

type Style = typeof TITLE;

/**
 * Some rows of the poster's part for words, from one of that part to another: red, green and blue, as wide as the poster.
 * A line too long for its place is set smaller, at last cut off with an ellipsis.
 */
export function letter(
  { layout, words, legend, theme }: Lettering,
  [from, to]: [number, number],
): Uint8Array {
  const { x, width, height } = layout.words!;
  const { paper, ink } = THEMES[theme];
  const canvas = createCanvas(layout.width, Math.min(to, height) - from);
  const context = canvas.getContext('2d');
  context.fillStyle = css(paper);
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.translate(x, -from);
  context.fillStyle = css(ink);

  const { title, subtitle, credit } = words;
  const isCrowded = legend.length > 0 && subtitle !== '';
  const [first, second, third = second] = (isCrowded ? THREE_LINES : TWO_LINES).map(
    (share) => share * height,
  );
  const line = (style: Style) => ({
    ...style,
    size: style.size * height,
    x: 0,
    width,
    align: 'left' as const,
  });
  const beside = width * SHARED;
  write(context, title, { ...line(TITLE), y: first });
  write(context, subtitle, { ...line(SUBTITLE), y: second, width: isCrowded ? width : beside });
  // where there is nothing else below the title, it has that line
  explain(context, legend, { ...line(isCrowded ? LEGEND : SUBTITLE), y: third, width: beside });
  write(context, credit, {
    ...line(CREDIT),
    y: third,
    x: width,
    width: (width - beside) * 0.95,
    align: 'right',
  });
  return withoutOpacity(context.getImageData(0, 0, canvas.width, canvas.height).data);
}

/** The names of a legend, each after a stroke in its colours; all of it smaller where there is not the room. */
function explain(context: SKRSContext2D, legend: readonly LegendEntry[], line: Line) {
  if (legend.length === 0) return;
  const { size, width, y } = line;
  setLetters(context, line, size);
  const [length, gap, apart] = [STROKE.length, STROKE.gap, STROKE.apart].map((share) => share * size);
  const entries = legend.map((entry) => ({
    ...entry,
    wide: length + gap + context.measureText(entry.name).width,
  }));
  const needed = entries.reduce((sum, { wide }) => sum + wide + apart, -apart);
  const share = Math.min(1, width / needed);
  context.save();
  context.translate(0, y);
  context.scale(share, share);
  for (const { name, gradient, wide } of entries) {
    context.fillText(name, length + gap, 0);
    context.save();
    context.globalAlpha = 1;
    context.fillStyle = context.createLinearGradient(0, 0, length, 0);
    for (const [at, { colour }] of gradient.entries()) {
      context.fillStyle.addColorStop(at / (gradient.length - 1), colour);
    }
    context.beginPath();
    const half = (STROKE.width * size) / 2;
    context.roundRect(0, (-X_HEIGHT * size) / 2 - half, length, 2 * half, half);
    context.fill();
    context.restore();
    context.translate(wide + apart, 0);
  }
  context.restore();
}

function withoutOpacity(rgba: Uint8ClampedArray): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    rgb[to] = rgba[from];
    rgb[to + 1] = rgba[from + 1];
    rgb[to + 2] = rgba[from + 2];
  }
  return rgb;
}

function css([red, green, blue]: Colour): string {
  return `rgb(${red} ${green} ${blue})`;
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

function setLetters(context: SKRSContext2D, { weight, spacing, ink, align }: Line, size: number) {
  context.font = `${weight} ${size}px ${family()}`;
  context.letterSpacing = `${spacing * size}px`;
  context.globalAlpha = ink;
  context.textAlign = align;
}

function write(context: SKRSContext2D, words: string, line: Line) {
  if (words === '') return;
  setLetters(context, line, line.size);
  const share = Math.max(SMALLEST, Math.min(1, line.width / context.measureText(words).width));
  setLetters(context, line, line.size * share);
  context.fillText(
    cut(words, (text) => context.measureText(text).width <= line.width),
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
