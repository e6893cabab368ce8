import { useMemo, useState } from 'preact/hooks';
import { type MapProgram, programs } from '../../server/tiles/programs.ts';
import { Chip } from '../panel/choices.tsx';
import { Copyable } from '../parts/copy.tsx';
import { save } from '../save.ts';
import { PROGRAMS } from '../words/programs.ts';

interface TemplatesProps {
  /** An owner key, or that of a share. */
  mapKey: string;
  /** Of a tile: its filter and colours. */
  query: string;
}

/** Each map program's own spelling of a map, and what to do with it there. */
export function Templates({ mapKey, query }: TemplatesProps) {
  const all = useMemo(() => programs({ origin: location.origin, key: mapKey, query }), [mapKey, query]);
  const names = [...new Set(all.map(({ name }) => name))];
  const [chosen, setChosen] = useState(names[0]);
  return (
    <div class="templates">
      {/* biome-ignore lint/a11y/useSemanticElements: buttons in a row are no fieldset */}
      <div class="chips" role="group" aria-label={PROGRAMS.program}>
        {names.map((name) => (
          <Chip key={name} label={name} isOn={name === chosen} onClick={() => setChosen(name)} />
        ))}
      </div>
      {all
        .filter(({ name }) => name === chosen)
        .map((program) => (
          <Template key={program.how} {...program} />
        ))}
    </div>
  );
}

function Template({ name, kind, how, text, fileName }: MapProgram) {
  const label = `${name}, ${PROGRAMS.kinds[kind]}`;
  return (
    <div class="template">
      <p>{how}</p>
      <Copyable text={text} label={label} isCode={kind === 'code' || kind === 'file'} />
      {kind === 'link' && (
        <a class="secondary" href={text} target="_blank" rel="noreferrer">
          {PROGRAMS.open}
        </a>
      )}
      {kind === 'file' && fileName && (
        <button type="button" class="secondary" onClick={() => save(new Blob([text]), fileName)}>
          {PROGRAMS.saveFile(fileName)}
        </button>
      )}
    </div>
  );
}
