import type { Seats } from '../api.ts';
import { WORDS } from '../words.ts';

/** Leads to Strava, and says before that what it is for, and whether there is a place left: Strava tells only the athlete. */
export function Connect({ seats, withPrivate = false }: { seats: Seats; withPrivate?: boolean }) {
  const words = WORDS.strava;
  const isFull = seats.taken >= seats.seats;
  return (
    <div class="strava-connect">
      <ConnectLink picture={seats.pictures.connect} />
      {withPrivate && (
        <a class="strava-private" href="/auth/strava?private=true">
          {words.connectPrivate}
        </a>
      )}
      {isFull && <p class="note fault">{words.full(seats.seats)}</p>}
      {!isFull && seats.taken > 0 && <p class="note">{words.seats(seats.taken, seats.seats)}</p>}
      <p class="note">{words.consent}</p>
      <p class="note">
        {words.forWhom(seats.shareable)} {words.howLong(seats.retentionDays)}
      </p>
    </div>
  );
}

/** Strava's own button where the operator has it, else one drawn by its rules: words, colour, height. */
function ConnectLink({ picture }: { picture: string | null }) {
  const label = WORDS.strava.connect;
  return (
    <a class={picture ? 'strava-picture' : 'strava-button'} href="/auth/strava">
      {picture ? <img src={picture} alt={label} height="48" /> : label}
    </a>
  );
}
