import { EXPORT_URL, endAllSessions, endSession, fetchSessions, type Session } from '../api/account.ts';
import { useAnswer } from '../hooks/use-answer.ts';
import { Entry, Pending } from '../parts/entries.tsx';
import { fromNow } from '../when.ts';
import { ACCOUNT } from '../words/account.ts';
import { COMMON } from '../words/common.ts';
import { Dialog } from './dialog.tsx';
import { Leave } from './leave.tsx';

/** Taking everything along, who is signed in, and leaving. */
export function AccountDialog({ onClose }: { onClose(): void }) {
  const sessions = useAnswer(fetchSessions);

  const end = async ({ id, current }: Session) => {
    await endSession(id);
    if (current) startAnew();
    else await sessions.again();
  };

  return (
    <Dialog title={ACCOUNT.title} onClose={onClose} isWide>
      <section class="stack" aria-labelledby="take-title">
        <h3 id="take-title">{ACCOUNT.take}</h3>
        <p class="note">{ACCOUNT.takeNote}</p>
        <div class="buttons is-left">
          <a class="secondary" href={EXPORT_URL} download>
            {ACCOUNT.download}
          </a>
        </div>
      </section>
      <section class="entries" aria-labelledby="sessions-title">
        <h3 id="sessions-title">{ACCOUNT.sessions}</h3>
        {sessions.value === null && <Pending fault={sessions.fault} onAgain={sessions.again} />}
        {sessions.value !== null && (
          <ul>
            {sessions.value.map((session) => (
              <Entry
                key={session.id}
                name={session.browser ?? ACCOUNT.unknown}
                facts={factsOf(session)}
                verb={ACCOUNT.end}
                question={ACCOUNT.endQuestion(session.browser ?? ACCOUNT.unknown)}
                onTake={() => end(session)}
              />
            ))}
            <Entry
              name={ACCOUNT.everywhere}
              facts={ACCOUNT.everywhereFacts}
              verb={ACCOUNT.end}
              question={ACCOUNT.everywhereQuestion}
              onTake={() => endAllSessions().then(startAnew)}
            />
          </ul>
        )}
      </section>
      <Leave onGone={startAnew} />
    </Dialog>
  );
}

/** Nothing of what the page knew is true any more. */
function startAnew(): void {
  location.assign('/');
}

function factsOf({ createdAt, usedAt, current }: Session): string {
  return [
    ...(current ? [ACCOUNT.here] : [COMMON.lastUsed(fromNow(usedAt))]),
    ACCOUNT.signedIn(fromNow(createdAt)),
  ].join(' · ');
}
