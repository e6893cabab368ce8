import { useState } from 'preact/hooks';
import { signIn } from '../api.ts';
import { WORDS } from '../words.ts';
import { Icon, Mark } from './icon.tsx';

interface SignInProps {
  hasPassword: boolean;
  /** The link that led here is worth nothing any more. */
  wasInvalid: boolean;
  onSignedIn(): Promise<void>;
}

/** Nobody is signed in: by password where there is one, else by the link that the server prints. */
export function SignIn({ hasPassword, wasInvalid, onSignedIn }: SignInProps) {
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
      {hasPassword ? <PasswordForm onSignedIn={onSignedIn} /> : <LinkAdvice />}
    </section>
  );
}

function LinkAdvice() {
  return (
    <>
      <p>{WORDS.signInLink}</p>
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
      setFault((error as Error).message || WORDS.goneFirst);
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
