import type { Map as GlMap } from 'maplibre-gl';
import type { Ground } from './contract.ts';

/** Whether a style's background is dark or light; null where it has none of one colour. */
export function groundOf(map: GlMap): Ground | null {
  const layer = map.getStyle().layers.find(({ type }) => type === 'background');
  const colour = layer && map.getPaintProperty(layer.id, 'background-color');
  return typeof colour === 'string' ? groundOfColour(colour) : null;
}

/** Of a colour as CSS writes it. */
export function groundOfColour(colour: string): Ground {
  const context = new OffscreenCanvas(1, 1).getContext('2d')!;
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 128 ? 'dark' : 'light';
}
