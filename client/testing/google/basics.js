/**
 * What Google Maps is made of: what tells of its changes, lists that do, points, sizes and places. In one script with
 * `maps.js`, before it.
 */
{
  class MVCObject {
    #listeners = new Map();
    addListener(name, act) {
      this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), act]);
      return {
        remove: () =>
          this.#listeners.set(
            name,
            this.#listeners.get(name).filter((one) => one !== act),
          ),
      };
    }
    tell(name, ...given) {
      for (const act of this.#listeners.get(name) ?? []) act(...given);
    }
    clearListeners() {
      this.#listeners.clear();
    }
  }

  class MVCArray extends MVCObject {
    #all = [];
    getLength = () => this.#all.length;
    getAt = (at) => this.#all[at];
    getArray = () => this.#all;
    push(one) {
      this.insertAt(this.#all.length, one);
      return this.#all.length;
    }
    insertAt(at, one) {
      this.#all.splice(at, 0, one);
      this.tell('insert_at', at);
    }
    removeAt(at) {
      const [gone] = this.#all.splice(at, 1);
      this.tell('remove_at', at, gone);
      return gone;
    }
    clear() {
      while (this.#all.length > 0) this.removeAt(0);
    }
    forEach = (act) => this.#all.forEach(act);
  }

  class Point {
    constructor(x, y) {
      Object.assign(this, { x, y });
    }
  }
  class Size {
    constructor(width, height) {
      Object.assign(this, { width, height });
    }
  }
  class LatLng {
    constructor({ lat, lng }) {
      this.toJSON = () => ({ lat, lng });
      this.lat = () => lat;
      this.lng = () => lng;
    }
  }

  function latLngAt(x, y) {
    const lat = (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;
    return new LatLng({ lng: (x - 0.5) * 360, lat });
  }

  /** The world is 1 wide and high, from its north-west. */
  function worldOf({ lng, lat }) {
    const sine = Math.sin((lat * Math.PI) / 180);
    return { x: lng / 360 + 0.5, y: 0.5 - Math.atanh(sine) / (2 * Math.PI) };
  }

  const event = {
    addListener: (target, name, act) => target.addListener(name, act),
    clearInstanceListeners: (target) => target.clearListeners(),
  };
  globalThis.basics = { MVCObject, MVCArray, Point, Size, LatLng, latLngAt, worldOf, event };
}
