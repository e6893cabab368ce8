/** Which of an athlete's lines are drawn: `own`, whole; `public`, without privacy zones and hidden ends. */
export type Geometry = 'own' | 'public';

/** Whose lines, and which: what an index, an address and an exposure belong to. */
export interface Subject {
  athleteId: string;
  geometry: Geometry;
}
