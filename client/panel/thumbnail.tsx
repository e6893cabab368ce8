import { useEffect, useRef } from 'preact/hooks';
import { coloursOf } from '../../server/heat/colours.ts';
import type { GradientStop } from '../../server/heat/gradient.ts';
import { HEIGHT, WIDTH } from '../thumbnail.ts';

interface ThumbnailProps {
  /** WIDTH × HEIGHT. */
  tones: Uint8Array;
  stops: readonly GradientStop[];
  /** Visits drawn hottest. */
  hot: number;
}

/** Some heat in these colours: what it shows is said beside it. */
export function Thumbnail({ tones, stops, hot }: ThumbnailProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawn = JSON.stringify([stops, hot]);
  useEffect(() => {
    const { rgb, opacities } = coloursOf(stops, hot);
    const picture = new ImageData(WIDTH, HEIGHT);
    for (const [at, tone] of tones.entries()) {
      picture.data.set(rgb.subarray(tone * 3, tone * 3 + 3), at * 4);
      picture.data[at * 4 + 3] = opacities[tone];
    }
    canvas.current?.getContext('2d')?.putImageData(picture, 0, 0);
  }, [tones, drawn]);
  return <canvas ref={canvas} width={WIDTH} height={HEIGHT} />;
}
