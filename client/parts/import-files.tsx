import { useCallback, useState } from 'preact/hooks';
import { fetchImportedFiles, type ListedFile, type Outcome } from '../api/imports.ts';
import type { Import } from '../api.ts';
import { useThrottled } from '../hooks/use-live.ts';
import { usePages } from '../hooks/use-pages.ts';
import { nameOf } from '../named.ts';
import { formatCount, formatDate } from '../numbers.ts';
import { Chip } from '../panel/choices.tsx';
import { COMMON } from '../words/common.ts';
import { FILES } from '../words/imports.ts';
import { Pending } from './entries.tsx';
import { More } from './more.tsx';

const OUTCOMES = Object.keys(FILES.outcomes) as Outcome[];
/** While files are being imported, their list follows at most this often. */
const FOLLOW_MS = 2000;

interface ImportFilesProps {
  one: Import;
  onShow(activityId: string): void;
}

/** What became of each file of an import, all of them or those with one outcome. */
export function ImportFiles({ one, onShow }: ImportFilesProps) {
  const { id, state, done, failed } = one;
  const [outcome, setOutcome] = useState<Outcome | null>(failed > 0 ? 'failed' : null);
  const [counts, setCounts] = useState<Record<Outcome, number> | null>(null);
  const fetchPage = useCallback(
    async (cursor: number | null) => {
      const { files, next, counts } = await fetchImportedFiles(id, outcome, cursor);
      setCounts(counts);
      return { items: files, next };
    },
    [id, outcome],
  );
  const { items, isWhole, fault, more } = usePages(fetchPage, useThrottled(`${state}/${done}`, FOLLOW_MS));
  const there = OUTCOMES.filter((one) => counts !== null && (counts[one] > 0 || one === outcome));

  return (
    <>
      {counts !== null && there.length > 1 && (
        // biome-ignore lint/a11y/useSemanticElements: buttons in a row are no fieldset
        <div class="chips" role="group" aria-label={FILES.title}>
          <Chip label={FILES.all} isOn={outcome === null} onClick={() => setOutcome(null)} />
          {there.map((one) => (
            <Chip
              key={one}
              label={FILES.outcomes[one]}
              count={formatCount(counts[one])}
              isOn={outcome === one}
              onClick={() => setOutcome(one)}
            />
          ))}
        </div>
      )}
      {items?.length === 0 && <p>{FILES.none}</p>}
      {items !== null && items.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls has to be reached by the keyboard
        <ul tabIndex={0} aria-label={FILES.title}>
          {items.map((file, at) => (
            <FileRow key={at} file={file} onShow={onShow} />
          ))}
          {!isWhole && fault === null && <More onSeen={more} />}
        </ul>
      )}
      {(items === null || fault !== null) && <Pending fault={fault} onAgain={more} />}
    </>
  );
}

function FileRow({ file, onShow }: { file: ListedFile; onShow(activityId: string): void }) {
  const { name, outcome, code, message, activity } = file;
  const note = code !== null && outcome !== 'failed' ? FILES.notes[code] : undefined;
  return (
    <li class={outcome === 'failed' ? 'import-file is-failed' : 'import-file'}>
      <strong>{name || FILES.whole}</strong>
      {outcome === 'failed' && <span>{message}</span>}
      {outcome !== 'failed' && (
        <span>
          {leadOf(file)} {activity && <Shown activity={activity} onShow={onShow} />}
        </span>
      )}
      {activity?.hasTrack === false && <span>{FILES.noTrack}</span>}
      {note && <span>{note}</span>}
    </li>
  );
}

/** The words before the activity. */
function leadOf({ outcome, added, activity }: ListedFile): string {
  if (!activity) return outcome === 'known' ? FILES.knownOnly : FILES.gone;
  if (outcome === 'added') return added > 1 ? FILES.several(formatCount(added)) : FILES.activity;
  return outcome === 'merged' ? FILES.merged : FILES.known;
}

interface ShownProps {
  activity: NonNullable<ListedFile['activity']>;
  onShow(activityId: string): void;
}

function Shown({ activity, onShow }: ShownProps) {
  const { id, startedAt, hasTrack } = activity;
  const words = [nameOf(activity), startedAt === null ? null : formatDate(startedAt)]
    .filter((word) => word !== null)
    .join(', ');
  if (!hasTrack) return <>{words}</>;
  return (
    <button type="button" class="link" title={COMMON.show} onClick={() => onShow(id)}>
      {words}
    </button>
  );
}
