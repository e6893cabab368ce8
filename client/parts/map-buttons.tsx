import type { Me } from '../api.ts';
import type { WorldMap } from '../map/contract.ts';
import { WORDS } from '../words.ts';
import { Icon, type IconName } from './icon.tsx';

interface MapButtonsProps {
  map: WorldMap;
  home: Me['home'];
  bounds: [number, number, number, number] | null;
  /** The map is on its way home. */
  onHome(): void;
}

/** Zooming and finding back, for those who neither pinch nor scroll. */
export function MapButtons({ map, home, bounds, onHome }: MapButtonsProps) {
  const goHome = () => {
    if (home) map.goTo(home, true);
    onHome();
  };
  return (
    <div class="map-buttons">
      <div class="button-stack">
        <IconButton icon="plus" label={WORDS.zoomIn} onClick={() => map.zoomBy(1)} />
        <IconButton icon="minus" label={WORDS.zoomOut} onClick={() => map.zoomBy(-1)} />
      </div>
      {(home || bounds) && (
        <div class="button-stack">
          {home && <IconButton icon="home" label={WORDS.home} onClick={goHome} />}
          {bounds && (
            <IconButton icon="frame" label={WORDS.everything} onClick={() => map.goToBounds(bounds)} />
          )}
        </div>
      )}
    </div>
  );
}

function IconButton({ icon, label, onClick }: { icon: IconName; label: string; onClick(): void }) {
  return (
    <button type="button" class="icon-button" aria-label={label} title={label} onClick={onClick}>
      <Icon name={icon} />
    </button>
  );
}
