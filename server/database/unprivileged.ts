import { spawnSync } from 'node:child_process';
import { accessSync, chownSync, constants, existsSync, readFileSync, statSync } from 'node:fs';

/**
 * PostgreSQL refuses to run as root. Called by root it runs as the owner of its folder; a new folder is given to an
 * unprivileged user of this machine, if that user may enter it. Where not (a clone below /root, say), PostgreSQL runs
 * in a user namespace: it believes to be another user there, and has no more rights than root's files give anybody.
 */
export interface Runner {
  command: string;
  args: string[];
  uid?: number;
  gid?: number;
}

const USERS = ['postgres', 'nobody'];
const MAPPED = ['--user', '--map-user=65534', '--map-group=65534', '--'];

/** How to run `program`, which works in `folder`. Throws when root has no way. */
export function runnerFor(folder: string, program: string): Runner {
  const plain: Runner = { command: program, args: [] };
  if (process.getuid?.() !== 0) return plain;
  const owner = statSync(folder);
  if (owner.uid !== 0) return { ...plain, uid: owner.uid, gid: owner.gid };
  const mapped: Runner = { command: 'unshare', args: [...MAPPED, program] };
  if (existsSync(`${folder}/PG_VERSION`)) return mapped;
  for (const { uid, gid } of unprivilegedUsers()) {
    chownSync(folder, uid, gid);
    if (runs({ ...plain, uid, gid }, folder)) return { ...plain, uid, gid };
  }
  chownSync(folder, 0, 0);
  if (runs(mapped, folder)) return mapped;
  throw new Error(
    `PostgreSQL does not run as root, and no unprivileged user can enter ${folder}. ` +
      'Start Pathglow as another user, or set DATA_DIR and clone to folders that others may enter.',
  );
}

/** Whether the program can be started that way and may write into the folder. */
function runs({ command, args, uid, gid }: Runner, folder: string): boolean {
  const version = spawnSync(command, [...args, '--version'], { uid, gid, stdio: 'ignore' });
  if (version.status !== 0) return false;
  if (uid === undefined) return true;
  const writes = spawnSync('test', ['-w', `${folder}/.`], { uid, gid, cwd: '/', stdio: 'ignore' });
  return writes.status === 0;
}

function unprivilegedUsers(): { uid: number; gid: number }[] {
  try {
    accessSync('/etc/passwd', constants.R_OK);
  } catch {
    return [];
  }
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  return USERS.flatMap((name) => {
    const line = lines.find((one) => one.startsWith(`${name}:`));
    const [, , uid, gid] = line?.split(':') ?? [];
    return uid ? [{ uid: Number(uid), gid: Number(gid) }] : [];
  });
}
