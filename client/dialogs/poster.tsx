import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { layOut, PAPERS, type Paper } from '../../server/posters/layout.ts';
import type { Calendar, Me } from '../api.ts';
import { totalsOf, yearsOf } from '../calendar.ts';
import { tileQuery } from '../chosen.ts';
import { useCalendar } from '../hooks/use-calendar.ts';
import { faultInWords } from '../hooks/use-doing.ts';
import type { DrawnFor } from '../hooks/use-drawn.ts';
import { type Units, usePreferences } from '../hooks/use-preferences.ts';
import { hotOf } from '../legend.ts';
import { areaOf, sizeSeen } from '../map/area.ts';
import type { Ground, Room, WorldMap } from '../map/contract.ts';
import { formatCount, formatDistance } from '../numbers.ts';
import { Segments, Slider } from '../panel/choices.tsx';
import { downloadPoster } from '../poster/download.ts';
import { type Frame, MOST_WIDER, moved, zoomed } from '../poster/frame.ts';
import { type Asked, PREVIEW_DPI, Preview } from '../poster/preview.tsx';
import { save } from '../save.ts';
import type { Chosen, Place, ViewState } from '../state.ts';
import { POSTER } from '../words/poster.ts';
import { WORDS } from '../words.ts';
import { Dialog } from './dialog.tsx';

/** Dots an inch. */
const PRINT = 300;
/** Where the map is not looked at yet. */
const WORLD: Place = { lng: 10, lat: 25, zoom: 1 };

interface PosterProps {
  me: Me;
  map: WorldMap | null;
  /** What of the map is covered. */
  room: Room;
  state: ViewState;
  drawn: DrawnFor | null;
  /** What the heat lies on, on the page. */
  ground: Ground;
  onClose(): void;
}

/** What is in view as a picture to print: what it will look like, and the file. */
export function Poster({ me, map, room, state, drawn, ground, onClose }: PosterProps) {
  const { units } = usePreferences();
  const [paper, setPaper] = useState<Paper>('a3');
  const [landscape, setLandscape] = useState(innerWidth > innerHeight);
  const [theme, setTheme] = useState<Ground>(ground);
  const [title, setTitle] = useState('');
  const calendar = useCalendar(me.revision);
  const summary = useMemo(() => calendar && summaryOf(calendar, state, units), [calendar, state, units]);
  /** null: nobody has written another one. */
  const [written, setWritten] = useState<string | null>(null);
  const subtitle = written ?? summary ?? '';
  // the map behind the window does not move
  const asSeen = useMemo<Frame>(() => ({ place: map?.place() ?? me.home ?? WORLD, wider: 0 }), []);
  // nor does it change when the screen is turned
  const size = useMemo(() => sizeSeen(room), []);
  const [frame, setFrame] = useState(asSeen);
  const { place, wider } = frame;
  const hot = drawn && hotOf(drawn.exposure, place.zoom, state.light);

  const asked = useMemo<Asked>(() => {
    const area = areaOf(place, size, wider);
    const words = { title: title.trim(), subtitle: subtitle.trim() };
    const colours = { ...(hot !== null && { hot }), ...(state.bySport && { by: 'sport' }) };
    const choices = { ...area, paper, landscape, theme, ...words, ...colours };
    const texts = Object.entries(choices).map(([name, value]) => [name, String(value)]);
    const query = [tileQuery(state), new URLSearchParams(texts).toString()].filter((part) => part !== '');
    // the credit is always there
    const layout = layOut({ paper, landscape, dpi: PREVIEW_DPI, area, hasWords: true });
    return { query: query.join('&'), layout, theme };
  }, [place, state, wider, title, subtitle, paper, landscape, theme, hot]);
  const { layout } = asked;

  return (
    <Dialog title={POSTER.title} onClose={onClose}>
      <div class="poster">
        <Preview
          asked={asked}
          onMove={(right, down) => setFrame((before) => moved(before, layout, right, down))}
          onZoom={(steps, right, down) => setFrame((before) => zoomed(before, layout, steps, right, down))}
          onBack={frame === asSeen ? null : () => setFrame(asSeen)}
        />
        <div class="poster-choices">
          <label class="field">
            <span>{POSTER.heading}</span>
            <input
              type="text"
              value={title}
              maxLength={100}
              placeholder={POSTER.headingExample}
              onInput={(event) => setTitle(event.currentTarget.value)}
            />
          </label>
          <label class="field">
            <span>{POSTER.below}</span>
            <input
              type="text"
              value={subtitle}
              maxLength={200}
              onInput={(event) => setWritten(event.currentTarget.value)}
            />
          </label>
          <label class="field">
            <span>{POSTER.paper}</span>
            <select value={paper} onChange={(event) => setPaper(event.currentTarget.value as Paper)}>
              {(Object.keys(PAPERS) as Paper[]).map((name) => (
                <option key={name} value={name}>
                  {POSTER.papers[name]}
                </option>
              ))}
            </select>
          </label>
          <Choice title={POSTER.orientation}>
            <Segments<'upright' | 'landscape'>
              name="orientation"
              choices={[
                { value: 'upright', label: POSTER.upright },
                { value: 'landscape', label: POSTER.landscape },
              ]}
              value={landscape ? 'landscape' : 'upright'}
              onChange={(to) => setLandscape(to === 'landscape')}
            />
          </Choice>
          <Choice title={POSTER.ground}>
            <Segments<Ground>
              name="poster-theme"
              choices={[
                { value: 'dark', label: WORDS.themes.dark },
                { value: 'light', label: WORDS.themes.light },
              ]}
              value={theme}
              onChange={setTheme}
            />
          </Choice>
          <Slider
            label={POSTER.frame}
            value={wider}
            min={-MOST_WIDER}
            max={MOST_WIDER}
            step={0.05}
            shown={POSTER.frameShown(wider)}
            onChange={(to) => setFrame({ place, wider: to })}
            isCentred
          />
          <p class="note">{POSTER.frameHint}</p>
        </div>
      </div>
      <Download query={asked.query} name={`${title.trim() || WORDS.title}.png`} />
    </Dialog>
  );
}

function Choice({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: it looks like the fields around it
    <div class="field" role="group" aria-label={title}>
      <span>{title}</span>
      {children}
    </div>
  );
}

/** The button, and in its place how far the drawing has come. */
function Download({ query, name }: { query: string; name: string }) {
  const [share, setShare] = useState<number | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const drawing = useRef<AbortController | null>(null);
  useEffect(() => () => drawing.current?.abort(), []);

  const begin = async () => {
    const mine = new AbortController();
    drawing.current = mine;
    setFault(null);
    setShare(0);
    try {
      save(
        await downloadPoster(`${query}&dpi=${PRINT}`, { signal: mine.signal, onProgress: setShare }),
        name,
      );
    } catch (error) {
      if (!mine.signal.aborted) setFault(faultInWords(error));
    }
    if (drawing.current === mine) setShare(null);
  };

  return (
    <footer class="dialog-foot">
      {fault && (
        <p class="fault" role="alert">
          {fault}
        </p>
      )}
      {share === null ? (
        <button type="button" class="primary" onClick={begin}>
          {POSTER.draw}
        </button>
      ) : (
        <>
          <progress class="bar" aria-label={POSTER.drawing} value={share} max={1} />
          <button type="button" class="quiet" onClick={() => drawing.current?.abort()}>
            {POSTER.cancel}
          </button>
        </>
      )}
    </footer>
  );
}

/** What is chosen: 1,204 activities · 18,310 km · 2019 – 2026 */
function summaryOf(calendar: Calendar, chosen: Chosen, units: Units): string {
  const { activities, distance } = totalsOf(calendar, chosen);
  const years = yearsOf(calendar, chosen) ?? [];
  return [
    `${formatCount(activities)} ${WORDS.activities(activities)}`,
    formatDistance(distance, units),
    ...(years.length > 0 ? [[...new Set(years)].join(' – ')] : []),
  ].join(' · ');
}
