import { useState } from 'preact/hooks';
import { type Seats, signIn } from '../api.ts';
import { faultInWords } from '../hooks/use-doing.ts';
import { Connect } from '../strava/connect.tsx';
import { WORDS } from '../words.ts';
import { Icon, Mark } from './icon.tsx';

interface SignInProps {
  hasPassword: boolean;
  /** Whoever comes by Strava signs in there; null: nobody does. */
  seats: Seats | null;
  /** The link that led here is worth nothing any more. */
  wasInvalid: boolean;
  onSignedIn(): Promise<void>;
}

/** Nobody is signed in: by password where there is one, else by the link that the server prints. */
export function SignIn({ hasPassword, seats, wasInvalid, onSignedIn }: SignInProps) {
  return (
    <section class="card centre sign-in" aria-labelledby="sign-in-title">
      <Mark />
      <h2 id="sign-in-title">{WORDS.signInTitle}</h2>
      {wasInvalid && (
        <p class="fault" role="alert">
          <Icon name="alert" />
          {WORDS.linkInvalid}
        </p>
      )}
      {seats && <Connect seats={seats} />}
      {hasPassword ? <PasswordForm onSignedIn={onSignedIn} /> : <LinkAdvice isAside={seats !== null} />}
    </section>
  );
}

function LinkAdvice({ isAside }: { isAside: boolean }) {
  return (
    <>
      <p>{isAside ? WORDS.signInOwner : WORDS.signInLink}</p>
      <code class="command">{WORDS.signInCommand}</code>
    </>
  );
}

function PasswordForm({ onSignedIn }: Pick<SignInProps, 'onSignedIn'>) {
  const [password, setPassword] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const [isAsking, setAsking] = useState(false);

  const submit = async (event: Event) => {
    event.preventDefault();
    setAsking(true);
    setFault(null);
    try {
      await signIn(password);
      await onSignedIn();
    } catch (error) {
      setFault(faultInWords(error));
      setAsking(false);
    }
  };

  return (
    <form onSubmit={submit}>
      <p>{WORDS.signInPassword}</p>
      <label class="field">
        <span>{WORDS.password}</span>
        <input
          type="password"
          autocomplete="current-password"
          required
          value={password}
          aria-invalid={fault !== null}
          aria-describedby={fault === null ? undefined : 'sign-in-fault'}
          onInput={(event) => setPassword(event.currentTarget.value)}
        />
      </label>
      {fault && (
        <p class="fault" id="sign-in-fault" role="alert">
          {fault}
        </p>
      )}
      <button type="submit" class="primary" disabled={isAsking}>
        {WORDS.signIn}
      </button>
    </form>
  );
}
