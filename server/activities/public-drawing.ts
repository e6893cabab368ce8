import { type Circle, type MapCircle, onMap, outside } from '../geo/circle.ts';
import { withoutEnds } from '../geo/ends.ts';
import { EARTH_RADIUS, RADIAN } from '../geo/ground.ts';
import { LEVELS } from '../geo/levels.ts';
import { margins } from '../heat/margin.ts';
import { levelsOf, linesOnMap } from '../tracks/levels.ts';
import type { Track } from '../tracks/recording.ts';
import { type Drawing, drawn } from './prepare.ts';

/** A place that others are not shown. */
export interface HiddenPlace {
  /** What is cut out of every line, metres: wider than what was asked for, and not quite about its centre. */
  cut: Circle;
  /** Metres: the radius of the circle asked for. */
  asked: number;
}

/** What of an activity others are not shown. */
export interface Hiding {
  places: readonly HiddenPlace[];
  /** Metres at the start and at the end, counted along what the places leave of it. */
  first: number;
  last: number;
}

/**
 * What others may see of a track: all levels are made from what is left when the hidden is cut out of the track at full
 * resolution, so no byte of it depends on what was cut out. Null where nothing is left.
 *
 * The hidden metres count from where the places end. Counted from the true start, the place where the line begins would
 * tell how long the way within the place was.
 */
export function drawPublic(track: Track, hiding: Hiding, tagKey: Uint8Array): Omit<Drawing, 'bounds'> | null {
  const circles = hiding.places.map(circlesOf);
  const visible = cutOut(
    linesOnMap(track),
    circles.map(({ cut }) => cut),
  );
  const shown = withoutEnds(visible, hiding);
  if (shown.length === 0) return null;
  // from afar a line is drawn wide, and would reach into the circle that it ends at
  const levels = levelsOf((level) =>
    cutOut(
      shown,
      circles.map(({ levels }) => levels[level]),
    ),
  );
  return levels.fine.length === 0 && levels.coarse.length === 0 ? null : drawn(levels, tagKey);
}

function cutOut(lines: readonly Float64Array[], circles: readonly MapCircle[]): readonly Float64Array[] {
  return circles.reduce<readonly Float64Array[]>(
    (left, circle) => left.flatMap((line) => outside(line, circle)),
    lines,
  );
}

/** A place as it is cut out of the track, and out of each level. */
function circlesOf({ cut, asked }: HiddenPlace): { cut: MapCircle; levels: MapCircle[] } {
  const circle = onMap(cut);
  const metres = EARTH_RADIUS / RADIAN / Math.cosh(circle.y);
  const wider = margins(asked / metres);
  return {
    cut: circle,
    levels: LEVELS.map((_, level) => onMap({ ...cut, radius: cut.radius + wider[level] * metres })),
  };
}
