import { stopsOf } from '../heat.ts';
import { preview } from '../legend.ts';
import { PALETTE_NAMES } from '../state.ts';
import { WORDS } from '../words.ts';
import { Part, Segments } from './choices.tsx';
import { GradientEditor } from './gradient-editor.tsx';
import type { PartProps } from './panel.tsx';

const BY = (['visits', 'sport'] as const).map((value) => ({ value, label: WORDS.colourBy[value] }));

/** By how often, in one of five palettes or one's own; or each group of sports in its own colour. */
export function Colours(props: PartProps) {
  const { state, change, thumbnails, ground } = props;
  const { color, gradient, bySport } = state;
  return (
    <Part title={WORDS.colours}>
      <Segments
        name="colour-by"
        choices={BY}
        value={bySport ? 'sport' : 'visits'}
        onChange={(by) => change({ bySport: by === 'sport' })}
      />
      {!bySport && (
        <div class="palettes">
          {PALETTE_NAMES.map((name) => (
            <Swatch
              key={name}
              label={WORDS.palettes[name]}
              bar={preview(stopsOf({ color: name, gradient: null }, ground))}
              picture={thumbnails.pictures.get(name)}
              middle={thumbnails.middle}
              isOn={gradient === null && color === name}
              onChoose={() => change({ color: name, gradient: null })}
            />
          ))}
          <Own {...props} />
        </div>
      )}
      {!bySport && gradient !== null && (
        <GradientEditor
          gradient={gradient}
          hot={props.hot}
          onGradient={(text) => change({ gradient: text }, 'quietly')}
        />
      )}
    </Part>
  );
}

function Own({ state: { color, gradient }, change, thumbnails, ground }: PartProps) {
  const own =
    gradient ??
    stopsOf({ color, gradient: null }, ground)
      .map(({ colour }) => colour.slice(1))
      .join(';');
  return (
    <Swatch
      label={WORDS.ownGradient}
      bar={preview(stopsOf({ color, gradient: own }, ground))}
      picture={thumbnails.pictures.get(gradient === null ? color : 'own')}
      middle={thumbnails.middle}
      isOn={gradient !== null}
      onChoose={() => change({ gradient: own })}
    />
  );
}

interface SwatchProps {
  label: string;
  bar: string;
  /** Real heat in these colours; until there is any, a bar of them. */
  picture: string | undefined;
  /** How far down the picture, 0 to 1, that is which is seen for sure. */
  middle: number;
  isOn: boolean;
  onChoose(): void;
}

function Swatch({ label, bar, picture, middle, isOn, onChoose }: SwatchProps) {
  return (
    <label class="swatch">
      <input type="radio" class="unseen" name="palette" checked={isOn} onChange={onChoose} />
      <span class="swatch-look">
        {picture && (
          <img
            src={picture}
            alt=""
            width="256"
            height="256"
            style={{ objectPosition: `50% ${focus(middle)}%` }}
          />
        )}
        <span class="swatch-bar" style={{ backgroundImage: bar }} />
      </span>
      <span class="swatch-name">{label}</span>
    </label>
  );
}

/** In percent, such that of a picture of which half is seen that is in the middle which lies so far down, as near as may be. */
function focus(middle: number): number {
  return Math.min(100, Math.max(0, (middle - 0.25) * 200));
}
