import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

const TAG = /^(\d+)(?:-([0-9a-f]*)-([0-9a-f]+))?$/;

let own: string | undefined;

/**
 * This process in a file name: `<pid>-<start>-<machine>`. The start tells it from a later process with the same number,
 * the machine from one that shares the disk. A file named after its process stays recognizable however the process ends.
 */
export function processTag(): string {
  own ??= `${process.pid}-${lookUp(process.pid)?.start ?? ''}-${machine()}`;
  return own;
}

/**
 * Whether the process of a tag is still running. `seen` decides if this machine cannot tell: whether that process was
 * active recently.
 */
export function isRunning(tag: string, seen: boolean): boolean {
  const [, pid, start, where] = TAG.exec(tag) ?? [];
  if (pid === undefined || (where !== undefined && where !== machine())) return seen;
  if (!exists(Number(pid))) return false;
  const found = lookUp(Number(pid));
  if (!start || !found) return seen; // the number may have been given to another process
  return found.start === start && !found.zombie;
}

export function isTag(text: string): boolean {
  return TAG.test(text);
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // another user's
  }
}

interface Found {
  /** the same for as long as the process lives, and different for any other with its number */
  readonly start: string;
  /** a zombie: killed, but never reaped by its parent */
  readonly zombie: boolean;
}

/** What the operating system says about a process; undefined if it does not say (Windows, or the process has just ended). */
function lookUp(pid: number): Found | undefined {
  if (process.platform === 'win32') return undefined;
  try {
    if (process.platform !== 'linux') {
      const ps = execFileSync('ps', ['-o', 'stat=', '-o', 'lstart=', '-p', String(pid)], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
        env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
      });
      const [state, ...start] = ps.trim().split(/\s+/);
      return { start: digest(start.join(' ')), zombie: state.startsWith('Z') };
    }
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // the name before it may hold anything
    return { start: Number(fields[19]).toString(16), zombie: /^[ZX]/.test(fields[0]) };
  } catch {
    return undefined;
  }
}

let here: string | undefined;

/** Processes of one machine see one another by number: not after a restart, and not from one container to the next. */
function machine(): string {
  here ??= digest([hostname(), read('/proc/sys/kernel/random/boot_id'), link('/proc/self/ns/pid')].join('\n'));
  return here;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // not Linux
  }
}

function link(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
