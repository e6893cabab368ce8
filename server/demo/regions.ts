/** The parts of the world the demo's athlete goes to. Everything about roads is made up: only the places are real. */
export interface Region {
  name: string;
  /** Degrees: the middle of its town. */
  lng: number;
  lat: number;
  /** Seconds east of UTC, about. */
  clock: number;
  /** Metres: of the town, of the roads around it, of the trails. */
  town: number;
  reach: number;
  trails: number;
  /** Radians from east: how the river, and the valley, lie. */
  river: number;
  /** Metres to each side of the river in which there are roads: the width of a valley; null for open land. */
  valley: number | null;
  /** Radians from east: where the hills are; null all around. */
  hills: number | null;
  /** Metres above the sea, and how much higher the hills are. */
  altitude: number;
  relief: number;
}

export const HOME: Region = {
  name: 'Freiburg',
  lng: 7.852,
  lat: 47.995,
  clock: 3600,
  town: 3900,
  reach: 38_000,
  trails: 15_000,
  river: 2.75,
  valley: null,
  hills: -0.5,
  altitude: 270,
  relief: 700,
};

export const CAMP: Region = {
  name: 'Évora',
  lng: -7.908,
  lat: 38.571,
  clock: 0,
  town: 2100,
  reach: 32_000,
  trails: 7000,
  river: 0.6,
  valley: null,
  hills: 2.2,
  altitude: 240,
  relief: 220,
};

export const MOUNTAINS: Region = {
  name: 'Canmore',
  lng: -115.352,
  lat: 51.089,
  clock: -25_200,
  town: 1700,
  reach: 34_000,
  trails: 12_000,
  river: 2.4,
  valley: 2600,
  hills: null,
  altitude: 1310,
  relief: 1100,
};

export const REGIONS: readonly Region[] = [HOME, CAMP, MOUNTAINS];
