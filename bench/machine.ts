import { cpus, loadavg, totalmem } from 'node:os';

/** What a figure was measured on; `load` is the number of running threads over the last minute, before the benchmark. */
export function describeMachine(): Readonly<Record<string, string | number>> {
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    load: Number(loadavg()[0].toFixed(2)),
  };
}
