import type { Command } from 'commander';
import type { Figures } from './benchmark.ts';
import type { describeMachine } from './machine.ts';
import { formatFigures, saveResult } from './results.ts';

/** What is done with the figures of a benchmark. */
export interface OutputFlags {
  readonly json?: boolean | undefined;
  readonly save: boolean;
}

/** Gives a benchmark's command the options of OutputFlags. */
export function addOutputOptions(command: Command): Command {
  return command
    .option('--json', 'end stdout with one line of JSON')
    .option('--no-save', `add no line to bench/results/${command.name()}.jsonl`);
}

/** Keeps a benchmark's figures in `bench/results/<name>.jsonl`, unless told not to, and prints them: as JSON or as `text`. */
export function output(
  result: Figures & { readonly name: string; readonly machine: ReturnType<typeof describeMachine> },
  { json, save }: OutputFlags,
  text = formatFigures(result),
): void {
  if (save) saveResult(new URL('./results/', import.meta.url), result.name, result);
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : text);
}
