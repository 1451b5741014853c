/** The one error that this library throws on purpose: `[agents] <who> <what is wrong, with the values>. <What to do.>` */
export class AgentsError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message.startsWith('[agents] ') ? message : `[agents] ${message}`, options);
    this.name = 'AgentsError';
  }

  /** Whether `error` is an AgentsError, from this thread or another one (only name and message survive the crossing). */
  static is(error: unknown): error is Error {
    return error instanceof Error && error.name === 'AgentsError';
  }
}

/** The message of any thrown value. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
