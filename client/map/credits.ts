/** The line at the edge of MapLibre's map that names whose map and heat it is. */
import { AttributionControl, type Map as GlMap } from 'maplibre-gl';

/** What lies below the heat is named by MapLibre itself, as its style says. */
export class Credits {
  readonly #map: GlMap;
  #line: AttributionControl;
  #heat: string | null = null;

  constructor(map: GlMap) {
    this.#map = map;
    this.#line = this.#put();
  }

  /** Names this for the heat; null: nobody. */
  nameForHeat(credit: string | null) {
    if (credit === this.#heat) return;
    this.#heat = credit;
    // it takes what is ours only when it is made
    this.#map.removeControl(this.#line);
    this.#line = this.#put();
  }

  #put(): AttributionControl {
    const line = new AttributionControl({ compact: false, customAttribution: this.#heat ?? [] });
    this.#map.addControl(line, 'bottom-right');
    return line;
  }
}
