import { useState } from 'preact/hooks';
import { type Connection, disconnectStrava, type Status, syncStrava } from '../api.ts';
import { faultInWords } from '../hooks/use-doing.ts';
import { Connect } from '../strava/connect.tsx';
import { useStrava } from '../strava/context.ts';
import { pillOf } from '../strava/sync.ts';
import { WORDS } from '../words.ts';
import { Dialog } from './dialog.tsx';

/** Connecting with Strava, how it goes on, and leaving. */
export function StravaDialog({ onClose }: { onClose(): void }) {
  const { seats, connection, status, refresh } = useStrava();
  return (
    <Dialog title={WORDS.strava.title} onClose={onClose}>
      {connection ? (
        <Connected {...{ connection, status, refresh }} />
      ) : (
        seats && <Connect seats={seats} withPrivate />
      )}
      <p class="strava-powered">
        {seats?.pictures.powered ? (
          <img src={seats.pictures.powered} alt={WORDS.strava.powered} height="20" />
        ) : (
          WORDS.strava.powered
        )}
      </p>
    </Dialog>
  );
}

interface ConnectedProps {
  connection: Connection;
  status: Status | null;
  refresh(): Promise<void>;
}

function Connected({ connection, status, refresh }: ConnectedProps) {
  const words = WORDS.strava;
  const [isLeaving, setLeaving] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const pill = status && pillOf(status, Date.now() / 1000);

  const ask = async (what: () => Promise<unknown>) => {
    setAsking(true);
    setFault(null);
    try {
      await what();
    } catch (error) {
      setFault(faultInWords(error));
    }
    setAsking(false);
  };
  const leave = () =>
    ask(async () => {
      const { revoked } = await disconnectStrava();
      if (!revoked) setFault(words.notRevoked);
      await refresh();
    });

  return (
    <div class="strava-connected">
      <p>
        {words.connectedAs(connection.name ?? words.somebody)}{' '}
        <a href={connection.url} target="_blank" rel="noreferrer" class="strava-view">
          {words.view}
        </a>
      </p>
      {pill && <p class={pill.kind === 'fault' ? 'note fault' : 'note'}>{pill.text}</p>}
      {status?.sync && status.sync.failed > 0 && <p class="note">{words.withoutTrack(status.sync.failed)}</p>}
      <p class="note">{connection.private ? words.privateToo : words.publicOnly}</p>
      <a class="strava-private" href={`/auth/strava?private=${!connection.private}`}>
        {connection.private ? words.publicAgain : words.connectPrivate}
      </a>
      {fault && (
        <p class="fault" role="alert">
          {fault}
        </p>
      )}
      {isLeaving ? (
        <div class="strava-leave" role="alertdialog" aria-label={words.disconnect}>
          <p>{words.disconnectWhat}</p>
          <div class="strava-buttons">
            <button type="button" class="secondary is-fault" disabled={isAsking} onClick={leave}>
              {words.disconnectNow}
            </button>
            <button type="button" class="quiet" onClick={() => setLeaving(false)}>
              {words.stay}
            </button>
          </div>
        </div>
      ) : (
        <div class="strava-buttons">
          <button type="button" class="secondary" disabled={isAsking} onClick={() => ask(syncStrava)}>
            {words.syncNow}
          </button>
          <button type="button" class="quiet" onClick={() => setLeaving(true)}>
            {words.disconnect}
          </button>
        </div>
      )}
    </div>
  );
}
