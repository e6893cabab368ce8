import { useMemo, useRef } from 'preact/hooks';
import type { Me, Viewer } from './api.ts';
import { type Kind, kindsOf, monthsOf, sportCounts, totalsOf } from './calendar.ts';
import type { DialogName } from './dialogs/table.ts';
import type { Picked } from './drop.ts';
import { drawnGroups } from './heat.ts';
import { useCalendar } from './hooks/use-calendar.ts';
import type { DrawnFor } from './hooks/use-drawn.ts';
import { PHONE, useMedia } from './hooks/use-media.ts';
import type { NearHere } from './hooks/use-near.ts';
import type { Playing } from './hooks/use-play.ts';
import { useRoom } from './hooks/use-room.ts';
import { useSample } from './hooks/use-sample.ts';
import type { Change } from './hooks/use-view-state.ts';
import { hotOf } from './legend.ts';
import type { Ground, Room, WorldMap } from './map/contract.ts';
import { Legend } from './panel/legend.tsx';
import { Panel } from './panel/panel.tsx';
import { MapButtons } from './parts/map-buttons.tsx';
import { NearCard } from './parts/near-card.tsx';
import type { ViewState } from './state.ts';
import { useTimeline } from './timeline/use-timeline.tsx';
import { WORDS } from './words.ts';

const NO_KINDS: ReadonlySet<Kind> = new Set();

export interface ExplorerProps {
  viewer: Viewer;
  me: Me;
  map: WorldMap | null;
  state: ViewState;
  change: Change;
  drawn: DrawnFor | null;
  ground: Ground;
  /** Of the map. */
  zoom: number;
  revision: string | null;
  here: NearHere;
  playing: Playing;
  /** Whether somebody wants the panel open; null: nobody has said. */
  isWanted: boolean | null;
  onWanted(isWanted: boolean): void;
  /** An activity is to be seen on the map. */
  onShow(): void;
  onRoom(room: Room, glide: boolean): void;
  onDialog(name: DialogName): void;
  onFiles(files: Picked[]): void;
  onSignOut(): void;
}

/** What lies over the map of somebody who is signed in: all there is to choose, and what the map means. */
export function Explorer(props: ExplorerProps) {
  const { me, map, state, change, drawn, ground, zoom, revision, here, playing, onRoom } = props;
  const { isWanted, onWanted, onShow } = props;
  const isPhone = useMedia(PHONE);
  const isEmpty = me.activities === 0;
  const isOpen = !isEmpty && (isWanted ?? !isPhone);
  const panel = useRef<HTMLElement>(null);
  const dock = useRef<HTMLElement>(null);
  const list = useRef<HTMLElement>(null);

  const calendar = useCalendar(isEmpty ? null : revision);
  const shown = useMemo(() => ({ ...state, ...playing.frame }), [state, playing.frame]);
  const counted = useMemo(
    () =>
      calendar && {
        totals: totalsOf(calendar, shown),
        sports: sportCounts(calendar, shown),
        months: monthsOf(calendar, state),
        kinds: kindsOf(calendar),
      },
    [calendar, shown, state],
  );
  // while years are played it stays as it is
  const groups = useMemo(() => drawnGroups(me.sports, state, calendar), [me.sports, state, calendar]);
  const months = counted?.months ?? null;
  const hasTimeline = months !== null && months.counts.length > 1;
  const exposure = drawn?.exposure ?? null;
  const sample = useSample(drawn);
  const because = `${isOpen} ${isPhone} ${hasTimeline} ${map !== null} ${here.near !== null}`;
  useRoom({ panel, dock, list, because, onRoom });

  const timeline = useTimeline({ months, chosen: state, playing, change, onPlay: here.close });
  const counts = counted?.sports ?? me.sports;

  return (
    <>
      <Panel
        {...props}
        sportCounts={counts}
        kinds={counted?.kinds ?? NO_KINDS}
        totals={counted?.totals ?? null}
        sample={sample}
        hot={hotOf(exposure ?? [], zoom, 0)}
        isOpen={isOpen}
        box={panel}
        onOpen={onWanted}
        timeline={isPhone && <div class="timeline is-inside">{timeline}</div>}
      />
      {!isPhone && timeline && (
        <section ref={dock} class="timeline dock" aria-label={WORDS.timeline}>
          {timeline}
        </section>
      )}
      {map && !isEmpty && (
        <MapButtons
          map={map}
          home={me.home}
          bounds={drawn?.bounds ?? null}
          onHome={() => change({ place: null }, 'quietly')}
        />
      )}
      {!isEmpty && drawn?.bounds && (
        <Legend look={state} exposure={drawn.exposure} zoom={zoom} ground={ground} groups={groups} />
      )}
      <NearCard here={here} box={list} onShow={onShow} />
    </>
  );
}
