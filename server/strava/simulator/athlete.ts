/** A person with an account at the simulated Strava. */
export interface SimulatedAthlete {
  id: number;
  username: string | null;
  firstname: string;
  lastname: string;
  /** "Hide activity maps completely": answers of the API have no places either. */
  mapsHidden: boolean;
  /** What only `activity:read_all` shows. */
  privacyZone: Zone | null;
}

export interface Zone {
  lng: number;
  lat: number;
  /** Metres. */
  radius: number;
}

/** As a token answer and `GET /athlete` have them (without `profile:read_all`). */
export function athleteJson(athlete: SimulatedAthlete, urls: { website: string }): Record<string, unknown> {
  const { id, username, firstname, lastname } = athlete;
  return {
    id,
    username,
    resource_state: 2,
    firstname,
    lastname,
    city: 'Freiburg',
    state: 'Baden-Württemberg',
    country: null,
    sex: null,
    premium: true,
    summit: true,
    created_at: '2017-11-28T19:05:35Z',
    updated_at: '2026-10-19T01:44:15Z',
    badge_type_id: 1,
    profile_medium: `${urls.website}/pictures/${id}/medium.jpg`,
    profile: `${urls.website}/pictures/${id}/large.jpg`,
    friend: null,
    follower: null,
  };
}
