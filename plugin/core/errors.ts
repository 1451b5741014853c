/** The one error this library throws on purpose: `[agents] <who> <what is wrong, with the values>. <What to do.>` */
export class AgentsError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message.startsWith('[agents] ') ? message : `[agents] ${message}`, options);
    this.name = 'AgentsError';
  }

  /** Whether `error` is an AgentsError of this thread, or one that crossed from another: only its name and message survive that. */
  static is(error: unknown): error is Error {
    return error instanceof Error && error.name === 'AgentsError';
  }
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
