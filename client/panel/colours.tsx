import type { GradientStop } from '../../server/heat/gradient.ts';
import { hotAt } from '../../server/heat/light.ts';
import { stopsOf } from '../heat.ts';
import type { Sample } from '../hooks/use-sample.ts';
import { preview } from '../legend.ts';
import { PALETTE_NAMES } from '../state.ts';
import { WORDS } from '../words.ts';
import { Part, Segments } from './choices.tsx';
import { GradientEditor } from './gradient-editor.tsx';
import type { PartProps } from './panel.tsx';
import { Thumbnail } from './thumbnail.tsx';

const BY = (['visits', 'sport'] as const).map((value) => ({ value, label: WORDS.colourBy[value] }));

/** By how often, in one of five palettes or one's own; or each group of sports in its own colour. */
export function Colours(props: PartProps) {
  const { state, change, sample, ground } = props;
  const { color, gradient, bySport, light } = state;
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
              stops={stopsOf({ color: name, gradient: null }, ground)}
              sample={sample}
              light={light}
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

function Own({ state: { color, gradient, light }, change, sample, ground }: PartProps) {
  const own =
    gradient ??
    stopsOf({ color, gradient: null }, ground)
      .map(({ colour }) => colour.slice(1))
      .join(';');
  return (
    <Swatch
      label={WORDS.ownGradient}
      stops={stopsOf({ color, gradient: own }, ground)}
      sample={sample}
      light={light}
      isOn={gradient !== null}
      onChoose={() => change({ gradient: own })}
    />
  );
}

interface SwatchProps {
  label: string;
  stops: readonly GradientStop[];
  /** Until there is any, a bar of the colours is all. */
  sample: Sample | null;
  light: number;
  isOn: boolean;
  onChoose(): void;
}

function Swatch({ label, stops, sample, light, isOn, onChoose }: SwatchProps) {
  return (
    <label class="swatch">
      <input type="radio" class="unseen" name="palette" checked={isOn} onChange={onChoose} />
      <span class="swatch-look">
        {sample && <Thumbnail tones={sample.tones} stops={stops} hot={hotAt(sample.exposure, light)} />}
        <span class="swatch-bar" style={{ backgroundImage: preview(stops) }} />
      </span>
      <span class="swatch-name">{label}</span>
    </label>
  );
}
