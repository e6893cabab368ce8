import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { OWN_TILES, PUBLIC_TILES } from './api.ts';
import { Dialogs } from './dialogs/dialogs.tsx';
import type { Picked } from './drop.ts';
import { Explorer } from './explorer.tsx';
import { useAccent } from './hooks/use-accent.ts';
import { useDialog } from './hooks/use-dialog.ts';
import { useDrawn } from './hooks/use-drawn.ts';
import { useFirstView } from './hooks/use-first-view.ts';
import { useHeat } from './hooks/use-heat.ts';
import { useImports } from './hooks/use-imports.ts';
import { useLive, useThrottled } from './hooks/use-live.ts';
import { useMapRoom } from './hooks/use-map-room.ts';
import { PHONE } from './hooks/use-media.ts';
import { useNear } from './hooks/use-near.ts';
import { usePlay } from './hooks/use-play.ts';
import { PreferencesProvider, useKeptPreferences } from './hooks/use-preferences.ts';
import { useSession } from './hooks/use-session.ts';
import { useViewState } from './hooks/use-view-state.ts';
import { isUnderWay } from './imports.ts';
import type { Ground, WorldMap } from './map/contract.ts';
import { DropZone } from './parts/drop-zone.tsx';
import { Empty } from './parts/empty.tsx';
import { ImportCards } from './parts/import-cards.tsx';
import { MapView } from './parts/map-view.tsx';
import { type Fault, FaultNotice, Notice } from './parts/notice.tsx';
import { SignIn } from './parts/sign-in.tsx';
import type { PickPlace } from './privacy/privacy-card.tsx';
import { EVERYTHING, filterQuery, isEverything } from './state.ts';
import { StravaProvider } from './strava/context.ts';
import { outcomeOf } from './strava/outcome.ts';
import { isAtWork } from './strava/sync.ts';
import { SyncPill } from './strava/sync-pill.tsx';
import { WORDS } from './words.ts';

/** While activities stream in, what is on the page follows at most this often. */
const FOLLOW_MS = 1500;
/** While a hand drags over the timeline, the map follows at most this often. */
const SETTLE_MS = 200;

/** The whole page: the map, and over it whatever there is to say and to choose. */
export function App() {
  const session = useSession();
  const { phase, viewer, me, refresh } = session;
  const preferred = useKeptPreferences();
  // the address bar soon tells of the view alone
  const [wasInvalid] = useState(() => new URLSearchParams(location.search).get('link') === 'invalid');
  const [outcome, setOutcome] = useState(() => outcomeOf(location.search));
  const [map, setMap] = useState<WorldMap | null>(null);
  const [state, change] = useViewState(({ place }) => place && map?.goTo(place, false));
  const [dialog, setDialog] = useDialog();
  const [ground, setGround] = useState<Ground>(preferred.shown);
  const [others, setOthers] = useState<number | null>(null);
  const pick = useRef<PickPlace | null>(null);
  const [zoom, setZoom] = useState(state.place?.zoom ?? 1);
  const [isBusy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const [isPanelWanted, wantPanel] = useState<boolean | null>(null);

  // what went wrong with one map below says nothing of another
  useEffect(() => setFault(null), [state.base]);

  const isSignedIn = phase === 'signedIn';
  const live = useLive(isSignedIn, refresh);
  const imports = useImports(live.status, refresh);
  const revision = useThrottled(me && isSignedIn ? (live.status?.revision ?? me.revision) : null, FOLLOW_MS);
  const chosen = filterQuery(state);
  const drawn = useDrawn(
    useThrottled(chosen, SETTLE_MS),
    revision !== null && isSignedIn ? `${revision}/${others ?? ''}` : null,
    others === null ? OWN_TILES : PUBLIC_TILES,
  );

  // asked once for each change, whatever the answer
  useEffect(() => {
    if (revision !== null && revision !== me?.revision) void refresh();
  }, [revision, refresh]);
  // a session may have ended meanwhile; whether activities changed is told by the connection itself
  useEffect(() => {
    if (live.returns > 0) void refresh();
  }, [live.returns, refresh]);

  const heat = useHeat({ sports: me?.sports ?? [], state, drawn, ground });
  const playing = usePlay({ map, heatOf: heat.of });
  const isPlaying = playing.frame !== null;
  useEffect(() => {
    if (!isPlaying) map?.show(heat.now);
  }, [map, heat.now, isPlaying]);
  const { room, onRoom } = useMapRoom(map);
  useEffect(() => map?.measureIn(preferred.units), [map, preferred.units]);
  useFirstView({ map, me, hasPlace: state.place !== null });
  useAccent(state, preferred.shown);
  const here = useNear(map, zoom, chosen);

  // on a phone the open panel, and the card it is chosen in, would leave it no room
  const makeWayForActivity = () => {
    if (matchMedia(PHONE).matches) wantPanel(false);
  };

  const isImporting = imports.sending.some((one) => one.fault === null) || imports.shown.some(isUnderWay);
  const isReading = isAtWork(live.status?.sync ?? null);
  const isEmpty = me?.activities === 0;
  const matchesNothing = drawn !== null && drawn.query === chosen && !drawn.bounds && !isEmpty;
  const onFiles = useCallback((files: Picked[]) => imports.send(files), [imports.send]);

  return (
    <PreferencesProvider value={preferred}>
      <StravaProvider
        value={{ seats: session.seats, connection: me?.strava ?? null, status: live.status, refresh }}
      >
        <div class={isBusy || phase === 'loading' ? 'busy is-on' : 'busy'} aria-hidden="true" />
        <main>
          <h1 class="unseen">{WORDS.title}</h1>
          {viewer && (
            <MapView
              viewer={viewer}
              base={state.base}
              ground={preferred.shown}
              place={state.place ?? me?.home ?? null}
              onMap={setMap}
              onPlace={(place) => change({ place }, 'quietly')}
              onClick={(place, isByKey) => {
                if (pick.current) pick.current(place, isByKey);
                else if (isSignedIn && !isPlaying) here.ask(place, isByKey);
              }}
              onGround={setGround}
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
            {isSignedIn && me && viewer && (
              <Explorer
                {...{ viewer, me, map, state, change, drawn, ground, zoom, revision, here, playing }}
                {...{ onFiles, onRoom }}
                isWanted={isPanelWanted}
                onWanted={wantPanel}
                onShow={makeWayForActivity}
                onDialog={(name) => {
                  here.close();
                  setDialog(name);
                }}
                onSignOut={() =>
                  session.leave().then(
                    () => setFault(null),
                    () => setFault({ text: WORDS.signOutFailed }),
                  )
                }
              />
            )}
            <div class="notices">
              {phase === 'gone' && <Notice text={WORDS.gone} kind="wait" />}
              {isSignedIn && !live.isReachable && <Notice text={WORDS.gone} kind="wait" />}
              {outcome && <Notice text={outcome} kind="fault" onDismiss={() => setOutcome(null)} />}
              {fault && <FaultNotice fault={fault} onDismiss={() => setFault(null)} />}
              {matchesNothing && (
                <Notice
                  text={isEverything(state) ? WORDS.nothingDrawn : WORDS.nothingMatches}
                  kind="plain"
                  action={isEverything(state) ? null : WORDS.showEverything}
                  onAction={() => change(EVERYTHING)}
                />
              )}
              {isSignedIn && live.status && (
                <SyncPill status={live.status} onClick={() => setDialog('strava')} />
              )}
              {isSignedIn && (
                <ImportCards imports={imports} map={map} zoom={zoom} onShow={makeWayForActivity} />
              )}
            </div>
            {isEmpty && isSignedIn && !isImporting && !isReading && <Empty onFiles={onFiles} />}
            {phase === 'signedOut' && (
              <SignIn
                hasPassword={session.hasPassword}
                seats={session.seats}
                wasInvalid={wasInvalid}
                onSignedIn={refresh}
              />
            )}
          </div>
        </main>
        {isSignedIn && <DropZone onFiles={onFiles} />}
        {viewer && me && isSignedIn && (
          <Dialogs
            {...{ viewer, me, state, change, drawn, map, ground, pick, others }}
            room={room.current}
            onOthers={setOthers}
            open={dialog}
            onClose={() => setDialog(null)}
            onFault={(text) => setFault({ text })}
          />
        )}
      </StravaProvider>
    </PreferencesProvider>
  );
}
