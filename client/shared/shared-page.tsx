import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { inOrder } from '../../server/heat/by-sport.ts';
import type { Shared } from '../api/shared.ts';
import type { Calendar, Viewer } from '../api.ts';
import { monthsOf, sportCounts } from '../calendar.ts';
import { drawnGroups } from '../heat.ts';
import { useAccent } from '../hooks/use-accent.ts';
import { useDrawn } from '../hooks/use-drawn.ts';
import { useHeat } from '../hooks/use-heat.ts';
import { useMapRoom } from '../hooks/use-map-room.ts';
import { PHONE, useMedia } from '../hooks/use-media.ts';
import { usePlay } from '../hooks/use-play.ts';
import { PreferencesProvider, useKeptPreferences } from '../hooks/use-preferences.ts';
import { useRoom } from '../hooks/use-room.ts';
import { useViewState } from '../hooks/use-view-state.ts';
import type { Ground, WorldMap } from '../map/contract.ts';
import { Legend } from '../panel/legend.tsx';
import { Mark } from '../parts/icon.tsx';
import { MapButtons } from '../parts/map-buttons.tsx';
import { MapView } from '../parts/map-view.tsx';
import { type Fault, FaultNotice, Notice } from '../parts/notice.tsx';
import { EVERYTHING, filterQuery } from '../state.ts';
import { useTimeline } from '../timeline/use-timeline.tsx';
import { SHARED } from '../words/shared.ts';
import { WORDS } from '../words.ts';
import { SharedPanel } from './shared-panel.tsx';
import { shownOf } from './shown.ts';
import { useShared } from './use-shared.ts';

/** What others may see is still being made where there is nothing yet: it is looked for again, for so long. */
const LOOK_AGAIN_MS = 3000;
const MOST_LOOKS = 100;

/** The page of a map that somebody shared, for whoever has its link. */
export function SharedPage({ shareKey }: { shareKey: string }) {
  const { phase, viewer, shared, refresh } = useShared(shareKey);
  const preferred = useKeptPreferences();
  return (
    <PreferencesProvider value={preferred}>
      {phase === 'loading' && (
        <p class="unseen" role="status">
          {WORDS.loading}
        </p>
      )}
      {phase === 'open' && viewer && shared && (
        <OpenMap viewer={viewer} shared={shared} theme={preferred.shown} refresh={refresh} />
      )}
      {phase === 'gone' && (
        <div class="overlay">
          <div class="notices">
            <Notice text={WORDS.gone} kind="wait" />
          </div>
        </div>
      )}
      {phase === 'ended' && <Ended />}
    </PreferencesProvider>
  );
}

interface OpenMapProps {
  viewer: Viewer;
  shared: Shared;
  theme: Ground;
  /** Asks anew what is shared, and whether it still is. */
  refresh(): void;
}

function OpenMap({ viewer, shared, theme, refresh }: OpenMapProps) {
  const [map, setMap] = useState<WorldMap | null>(null);
  const [chosen, change] = useViewState(({ place }) => place && map?.goTo(place, false));
  const [ground, setGround] = useState<Ground>(theme);
  const [zoom, setZoom] = useState(1);
  const [isBusy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const isFramed = useMemo(() => self !== top, []);
  const [isOpen, setOpen] = useState(false);
  const isPhone = useMedia(PHONE);
  const panel = useRef<HTMLElement>(null);
  const dock = useRef<HTMLElement>(null);
  const none = useRef<HTMLElement>(null);

  const state = shownOf(shared, chosen);
  const query = filterQuery(state);
  // nobody tells a visitor of new activities: a reload shows them
  const [looks, setLooks] = useState(0);
  const drawn = useDrawn(query, `shared/${looks}`, shared.tiles);
  const sports = useMemo(() => inOrder(shared.sports), [shared.sports]);
  const heat = useHeat({ sports, state, drawn, ground });
  const playing = usePlay({ map, heatOf: heat.of });
  const isPlaying = playing.frame !== null;
  useEffect(() => {
    if (!isPlaying) map?.show(heat.now);
  }, [map, heat.now, isPlaying]);
  const calendar = useMemo(() => calendarOf(shared), [shared]);
  const months = monthsOf(calendar, state);
  const timeline = useTimeline({ months, chosen: state, playing, change });
  const { onRoom } = useMapRoom(map);
  useRoom({
    panel,
    dock,
    list: none,
    because: `${isOpen} ${isPhone} ${timeline !== null} ${map !== null}`,
    onRoom,
  });
  useAccent(state, theme);
  const bounds = drawn?.bounds ?? null;
  useEffect(() => {
    if (!map || chosen.place) return;
    if (shared.view) map.goTo(shared.view, false);
    // what is being made ready came after the page was told where to look
    else if (bounds) map.goToBounds(bounds);
  }, [map, bounds === null]);
  useEffect(() => {
    document.title = `${shared.name} · ${WORDS.title}`;
  }, [shared.name]);
  const hasCome = looks > 0 && bounds !== null;
  useEffect(() => {
    // with its sports, and when they were
    if (hasCome) refresh();
  }, [hasCome]);
  const isEmpty = drawn !== null && drawn.query === query && !drawn.bounds;
  const isYetToCome = isEmpty && query === '' && looks < MOST_LOOKS;
  useEffect(() => {
    if (!isYetToCome) return;
    const timer = setTimeout(() => setLooks(looks + 1), LOOK_AGAIN_MS);
    return () => clearTimeout(timer);
  }, [isYetToCome, looks]);

  return (
    <>
      <div class={isBusy ? 'busy is-on' : 'busy'} aria-hidden="true" />
      <main class={isFramed ? 'is-framed' : ''}>
        <MapView
          viewer={viewer}
          base={null}
          ground={theme}
          place={chosen.place ?? shared.view}
          onMap={setMap}
          onPlace={(place) => change({ place }, 'quietly')}
          onClick={() => undefined}
          onGround={setGround}
          onZoom={setZoom}
          onBusy={setBusy}
          onSignedOut={refresh}
          onFault={setFault}
        />
        <div class="overlay">
          <SharedPanel
            {...{ shared, state, change, isFramed, isOpen }}
            sportCounts={sportCounts(calendar, { ...state, ...playing.frame })}
            timeline={isPhone && timeline && <div class="timeline is-inside">{timeline}</div>}
            box={panel}
            onOpen={setOpen}
          />
          {!isPhone && timeline && (
            <section ref={dock} class="timeline dock" aria-label={WORDS.timeline}>
              {timeline}
            </section>
          )}
          <div class="notices">
            {fault && <FaultNotice fault={fault} onDismiss={() => setFault(null)} />}
            {isEmpty && (
              <Notice
                text={query === '' ? SHARED.nothing : SHARED.nothingMatches}
                kind="plain"
                action={query === '' ? null : WORDS.showEverything}
                onAction={() => change(EVERYTHING)}
              />
            )}
          </div>
          {map && (
            <MapButtons
              map={map}
              home={shared.view}
              bounds={bounds}
              onHome={() => change({ place: null }, 'quietly')}
            />
          )}
          {drawn && !isEmpty && (
            <Legend
              look={state}
              exposure={drawn.exposure}
              zoom={zoom}
              ground={ground}
              groups={drawnGroups(sports, state, shared.viewerFilters ? calendar : null)}
            />
          )}
        </div>
      </main>
    </>
  );
}

/**
 * What may be counted, as the page of an athlete's own map counts it: private ones and distances are not told. All of it
 * is drawn.
 */
function calendarOf({ sports, days }: Shared): Calendar {
  return {
    sports,
    entries: days.map(([day, sport, commute, virtual, count]) => [
      day,
      sport,
      commute,
      virtual,
      0,
      count,
      0,
      count,
    ]),
  };
}

/** There is nothing to see: ended, revoked and mistyped are all alike. */
function Ended() {
  return (
    <main class="overlay">
      <section class="card centre sign-in" aria-labelledby="ended-title">
        <Mark />
        <h1 id="ended-title">{SHARED.endedTitle}</h1>
        <p>{SHARED.ended}</p>
      </section>
    </main>
  );
}
