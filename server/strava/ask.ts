import { StravaFault } from './faults.ts';

export interface Question {
  method?: 'GET' | 'POST' | 'DELETE';
  /** The value of `Authorization`. */
  authorization?: string;
  /** Sent as a form. */
  form?: Record<string, string>;
  signal?: AbortSignal;
  /** Milliseconds that an answer may take, its body included. */
  patience?: number;
}

export interface Answer {
  status: number;
  headers: Headers;
  /** What the JSON says; null where a status that is no success came with something else. */
  body: unknown;
}

const PATIENCE = 30_000;
/** Bytes of an answer, unpacked: a day's recording at once a second has about 5 MB. */
const LARGEST = 32 * 2 ** 20;

/**
 * Asks and answers whatever comes back. Throws StravaFault `unavailable` when nothing whole does, and what the signal
 * was aborted with. No redirection is followed: it could lead a token elsewhere.
 */
export async function ask(url: string, question: Question = {}): Promise<Answer> {
  const { method = 'GET', authorization, form, signal, patience = PATIENCE } = question;
  const late = AbortSignal.timeout(patience);
  try {
    const response = await fetch(url, {
      method,
      headers: { accept: 'application/json', ...(authorization && { authorization }) },
      body: form && new URLSearchParams(form),
      redirect: 'manual',
      signal: signal ? AbortSignal.any([signal, late]) : late,
    });
    const { status, headers } = response;
    const text = await textOf(response);
    return { status, headers, body: parse(text, status) };
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof StravaFault) throw error;
    const why = late.aborted ? 'no answer in time' : 'no whole answer';
    throw new StravaFault('unavailable', why, { cause: error });
  }
}

async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > LARGEST) throw new StravaFault('unavailable', 'an answer that does not end');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parse(text: string, status: number): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    if (status >= 300) return null;
    // without its cause, whose words are some of the answer's: a name, a place, a token
    throw new StravaFault('unavailable', 'an answer that is no JSON');
  }
}
