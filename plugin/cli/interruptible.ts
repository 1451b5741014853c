/** Exit codes of a process ended by a signal, as in shells: 128 + its number. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129, SIGBREAK: 149 } as const;

/** That of SIGPIPE: whoever read the output is gone. */
const OUTPUT_CLOSED = 141;

/** npm and npx pass on a signal that the terminal has sent to the whole group: it comes twice. */
const ECHO_MS = 1000;

/** Stops the current work cleanly, to end with an exit code. */
let stop: ((code: number) => void) | undefined;
let installed = false;

/**
 * Does work that stops cleanly when its signal aborts: at the first Ctrl-C, SIGTERM or SIGHUP (a terminal that is
 * closed), or when the reader of the output is gone. `notice` receives the exit code. A second Ctrl-C or SIGTERM ends the
 * process at once.
 */
export async function interruptible<T>(
  work: (signal: AbortSignal) => Promise<T>,
  notice: (exitCode: number) => void,
): Promise<T> {
  const abort = new AbortController();
  let began = 0;
  endInOrder();
  stop = (code) => {
    if (!abort.signal.aborted) {
      began = performance.now();
      abort.abort();
      notice(code);
    } else if (isImpatient(code) && performance.now() - began > ECHO_MS) process.exit(code);
  };
  try {
    return await work(abort.signal);
  } finally {
    stop = undefined;
  }
}

/** A terminal that closes may send SIGHUP more than once, and every line that is written to it fails. */
function isImpatient(code: number): boolean {
  return code === EXIT_CODES.SIGINT || code === EXIT_CODES.SIGTERM;
}

/** From now on, signals and a closed output end the process normally, so that it cleans up. */
export function endInOrder(): void {
  if (installed) return;
  installed = true;
  const end = (code: number) => (stop ? stop(code) : process.exit(code));
  for (const [signal, code] of Object.entries(EXIT_CODES)) process.on(signal, () => end(code));
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', ({ code, message }: NodeJS.ErrnoException) => {
      if (code === 'EPIPE' || code === 'EIO') return end(OUTPUT_CLOSED);
      process.exitCode = 1; // a full disk under the log is no reason to stop
      if (stream === process.stdout) process.stderr.write(`[agents] The output cannot be written: ${message}.\n`);
    });
}
