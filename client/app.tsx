import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Picked } from './drop.ts';
import { useDrawn } from './hooks/use-drawn.ts';
import { useImports } from './hooks/use-imports.ts';
import { useLive, useThrottled } from './hooks/use-live.ts';
import { useSession } from './hooks/use-session.ts';
import { useViewState } from './hooks/use-view-state.ts';
import { isUnderWay } from './imports.ts';
import { stopsOf } from './legend.ts';
import type { Heat } from './map/heat-tiles.ts';
import type { WorldMap } from './map/world-map.ts';
import { Legend } from './panel/legend.tsx';
import { Panel } from './panel/panel.tsx';
import { DropZone } from './parts/drop-zone.tsx';
import { Empty } from './parts/empty.tsx';
import { ImportCards } from './parts/import-cards.tsx';
import { MapButtons } from './parts/map-buttons.tsx';
import { MapView } from './parts/map-view.tsx';
import { Notice } from './parts/notice.tsx';
import { SignIn } from './parts/sign-in.tsx';
import { DEFAULT_STATE, filterQuery, isEverything, tileQuery } from './state.ts';
import { WORDS } from './words.ts';

/** While activities stream in, what is on the page follows at most this often. */
const FOLLOW_MS = 1500;

/** The whole page: the map, and over it whatever there is to say and to choose. */
export function App() {
  const session = useSession();
  const { phase, viewer, me, refresh } = session;
  const [state, change] = useViewState();
  const [map, setMap] = useState<WorldMap | null>(null);
  const [zoom, setZoom] = useState(state.place?.zoom ?? 1);
  const [isBusy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);

  const isSignedIn = phase === 'signedIn';
  const live = useLive(isSignedIn, refresh);
  const imports = useImports(live.status, refresh);
  // a connection that came back counts as a change: nobody told what happened meanwhile
  const revision = useThrottled(
    me && isSignedIn ? `${live.status?.revision ?? me.revision}/${live.returns}` : null,
    FOLLOW_MS,
  );
  const chosen = filterQuery(state);
  const drawn = useDrawn(chosen, isSignedIn ? revision : null);

  const shownRevision = me && `${me.revision}/0`;
  // asked once for each change, whatever the answer
  useEffect(() => {
    if (revision !== null && revision !== shownRevision) void refresh();
  }, [revision, refresh]);

  const heat = useMemo<Heat | null>(() => {
    if (!drawn) return null;
    const { light, opacity } = state;
    // an exposure belongs to its filter: until the new one is known the old picture stays
    const query = drawn.query === chosen ? tileQuery(state) : null;
    return query === null
      ? null
      : { query, exposure: drawn.exposure, light, opacity, revision: drawn.revision };
  }, [drawn, chosen, state]);
  useEffect(() => {
    if (heat || !isSignedIn) map?.show(heat);
  }, [map, heat, isSignedIn]);

  useFirstView({ map, me, hasPlace: state.place !== null });
  const accent = stopsOf(state)[Math.min(3, stopsOf(state).length - 1)].colour.slice(0, 7);
  useEffect(() => {
    document.documentElement.style.setProperty('--accent', state.gradient === null ? accent : '#ffcd4d');
  }, [accent, state.gradient]);

  const isImporting = imports.sending.length > 0 || imports.shown.some(isUnderWay);
  const isEmpty = me?.activities === 0;
  const matchesNothing = drawn !== null && drawn.query === chosen && !drawn.bounds && !isEmpty;
  const onFiles = useCallback((files: Picked[]) => imports.send(files), [imports.send]);

  return (
    <>
      <div class={isBusy || phase === 'loading' ? 'busy is-on' : 'busy'} aria-hidden="true" />
      <main>
        <h1 class="unseen">{WORDS.title}</h1>
        {viewer && (
          <MapView
            basemap={viewer.basemap}
            place={state.place}
            onMap={setMap}
            onPlace={(place) => change({ place })}
            onZoom={setZoom}
            onBusy={setBusy}
            onSignedOut={refresh}
            onFault={setFault}
          />
        )}
        <div class="overlay">
          {phase === 'loading' && (
            <p class="unseen" role="status">
              {WORDS.loading}
            </p>
          )}
          {isSignedIn && me && (
            <Panel
              me={me}
              state={state}
              change={change}
              onFiles={onFiles}
              onSignOut={session.leave}
              onRoom={(room, glide) => map?.makeRoom(room, glide)}
              hasMap={map !== null}
            />
          )}
          <div class="notices">
            {phase === 'gone' && <Notice text={WORDS.gone} kind="wait" />}
            {isSignedIn && !live.isReachable && <Notice text={WORDS.gone} kind="wait" />}
            {fault && <Notice text={fault} kind="fault" onDismiss={() => setFault(null)} />}
            {matchesNothing && (
              <Notice
                text={isEverything(state) ? WORDS.nothingDrawn : WORDS.nothingMatches}
                kind="plain"
                action={isEverything(state) ? null : WORDS.showEverything}
                onAction={() => change({ ...DEFAULT_STATE, ...lookOf(state) })}
              />
            )}
            {isSignedIn && <ImportCards imports={imports} />}
          </div>
          {map && isSignedIn && !isEmpty && (
            <MapButtons
              map={map}
              home={me?.home ?? null}
              bounds={drawn?.bounds ?? null}
              onHome={() => change({ place: null })}
            />
          )}
          {isSignedIn && me && !isEmpty && drawn && (
            <Legend look={state} exposure={drawn.exposure} zoom={zoom} />
          )}
          {isEmpty && isSignedIn && !isImporting && <Empty onFiles={onFiles} />}
          {phase === 'signedOut' && <SignIn hasPassword={session.hasPassword} onSignedIn={refresh} />}
        </div>
      </main>
      {isSignedIn && <DropZone onFiles={onFiles} />}
    </>
  );
}

/** Looks home as soon as there is one: at once when the page opens, in flight when the first activities arrive. */
function useFirstView({
  map,
  me,
  hasPlace,
}: {
  map: WorldMap | null;
  me: ReturnType<typeof useSession>['me'];
  hasPlace: boolean;
}) {
  const wasEmpty = useRef(false);
  const hasLooked = useRef(false);
  useEffect(() => {
    if (!map || !me || hasLooked.current) return;
    if (me.home === null) {
      wasEmpty.current = true;
      return;
    }
    hasLooked.current = true;
    if (wasEmpty.current || !hasPlace) map.goTo(me.home, wasEmpty.current);
  }, [map, me, hasPlace]);
}

function lookOf({ place, color, gradient, light, opacity }: typeof DEFAULT_STATE) {
  return { place, color, gradient, light, opacity };
}
