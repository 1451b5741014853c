import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fractionsTo } from '../results.ts';
import { parseRecord, type RunRecord, wordOf } from './run-record.ts';

const RUNS_FILE = 'runs.jsonl';
const DAMAGED_FILE = 'runs.damaged.jsonl';

/** The finished runs of a folder, a line of JSON each. A line that a kill cut short is set aside, and its run counts as not made. */
export class RunLog {
  /** lines that were set aside when it was opened */
  readonly damaged: number;
  readonly #file: string;
  readonly #records = new Map<string, RunRecord>();

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.#file = join(folder, RUNS_FILE);
    const text = existsSync(this.#file) ? readFileSync(this.#file, 'utf8') : '';
    const lines = text.split('\n').filter((line) => line !== '');
    const damaged = lines.filter((line) => !parseRecord(line));
    const sound = lines.filter((line) => parseRecord(line));
    if (damaged.length > 0) appendFileSync(join(folder, DAMAGED_FILE), joinLines(damaged));
    if (text !== joinLines(sound)) {
      writeFileSync(`${this.#file}.new`, joinLines(sound));
      renameSync(`${this.#file}.new`, this.#file);
    }
    this.damaged = damaged.length;
    for (const line of sound) this.#keep(line);
  }

  get records(): readonly RunRecord[] {
    return [...this.#records.values()];
  }

  /** Adds a run that is done: it is in the file when this returns. */
  append(record: RunRecord): void {
    const line = JSON.stringify(record, fractionsTo(6));
    appendFileSync(this.#file, `${line}\n`);
    this.#keep(line);
  }

  /** Of two records of one run, the first counts. */
  #keep(line: string): void {
    const record = parseRecord(line) as RunRecord;
    const word = wordOf(record);
    if (!this.#records.has(word)) this.#records.set(word, record);
  }
}

function joinLines(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
