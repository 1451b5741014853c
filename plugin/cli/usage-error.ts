import { AgentsError } from '../core/errors.ts';

/** The command line itself is wrong: exit code 2. */
export class UsageError extends AgentsError {}
