/** Telling apart what an error of the system or the database means: no room, or only that this is not the moment. */

/** The system's and PostgreSQL's codes for a disk without room. */
const DISK_FULL = new Set(['ENOSPC', 'EDQUOT', '53100']);
/** Codes of a database that is away, starting, stopping or out of connections, and of an operation told to stop. */
const PASSING = /^(ECONN\w+|EPIPE|ETIMEDOUT|ENOTFOUND|ABORT_ERR|08\w{3}|57P\d\d|53300|53400|40001|40P01)$/;

export function isDiskFull(error: unknown): boolean {
  return DISK_FULL.has(codeOf(error));
}

/** Whether the same may well succeed later. */
export function isPassing(error: unknown): boolean {
  const { name, message } = error instanceof Error ? error : { name: '', message: '' };
  return (
    PASSING.test(codeOf(error)) ||
    name === 'AbortError' ||
    name === 'KnexTimeoutError' ||
    /^Connection terminated|^Unable to acquire a connection/.test(message)
  );
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}
