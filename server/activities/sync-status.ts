/** How reading from Strava goes on for an athlete; times in Unix seconds. */
export interface SyncStatus {
  /**
   * `listing`: the list is read, `fetching`: recordings are; `waiting`: for Strava's limits; `current`: everything is
   * here; `failed`: nothing goes on until the problem is over.
   */
  state: 'listing' | 'fetching' | 'waiting' | 'current' | 'failed';
  /** Activities that Strava listed for this map. */
  total: number;
  /** Those of them of which everything is here, or all that is to be had. */
  done: number;
  /** Of the done, those whose recording Strava could not give: they are shown by their outline. */
  failed: number;
  /** When it goes on by itself; null where it need not wait, or does not. */
  until: number | null;
  /** When a list was last read to its end. */
  checkedAt: number | null;
  /** What is wrong, and what can be done about it. */
  problem: { code: string; message: string } | null;
}
