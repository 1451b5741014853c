/** Does work that stops in good order when its signal aborts: at the first Ctrl-C, of which `notice` tells. The second ends the process at once. */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>, notice: () => void): Promise<T> {
  const abort = new AbortController();
  const interrupt = () => {
    if (abort.signal.aborted) process.exit(130);
    notice();
    abort.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  try {
    return await work(abort.signal);
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}
