/**
 * node scripts/icons.ts
 *
 * Draws the icons that phones and desktops put beside other programs' from client/public/favicon.svg. What it makes
 * is committed.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { createCanvas, loadImage } from '@napi-rs/canvas';

const PUBLIC = new URL('../client/public/', import.meta.url);
/** The mark's own colour: what others cut to a shape of theirs is filled with it to its edges. */
const GROUND = '#11151d';
/** How much is left free around the mark, in units of its 64: 7 keep all of it in what every shape leaves. */
const ICONS = [
  { file: 'icon-192.png', size: 192, margin: 0, isFilled: false },
  { file: 'icon-512.png', size: 512, margin: 0, isFilled: false },
  { file: 'icon-maskable-512.png', size: 512, margin: 7, isFilled: true },
  { file: 'apple-touch-icon.png', size: 180, margin: 2, isFilled: true },
];

const drawing = await readFile(new URL('favicon.svg', PUBLIC), 'utf8');
for (const { file, size, margin, isFilled } of ICONS) {
  const side = 64 + 2 * margin;
  const framed = drawing.replace(
    'viewBox="0 0 64 64"',
    `width="${size}" height="${size}" viewBox="${-margin} ${-margin} ${side} ${side}"`,
  );
  const canvas = createCanvas(size, size);
  const context = canvas.getContext('2d');
  if (isFilled) {
    context.fillStyle = GROUND;
    context.fillRect(0, 0, size, size);
  }
  context.drawImage(await loadImage(Buffer.from(framed)), 0, 0, size, size);
  await writeFile(new URL(file, PUBLIC), await canvas.encode('png'));
}
