import type { ActorInterface } from './actor.ts';
import type { ImportOnnxOptions } from './import-onnx.ts';
import type { ActorHeads } from './read-heads.ts';
import { Unsupported } from './unsupported.ts';

/** Rejects options that contradict the graph. */
export function requireNoContradiction(
  { bounds, branches, continuous, output }: ImportOnnxOptions,
  { outputs }: ActorInterface,
  heads: ActorHeads,
): void {
  const count = heads.spread.length;
  const refuse = (found: string, option: string, value: unknown) => {
    throw new Unsupported(`${found}, but was imported with ${option} ${JSON.stringify(value)}`, `Omit ${option}`);
  };
  const acts = `acts with ${count} continuous actions and branches [${heads.branches}]`;
  if (bounds !== undefined && count === 0) refuse(acts, 'bounds', bounds);
  if (continuous !== undefined && continuous !== count) refuse(acts, 'continuous', continuous);
  if (branches !== undefined && String(branches) !== String(heads.branches)) refuse(acts, 'branches', branches);
  const alike = new Set(outputs.map(({ kind }) => kind === 'choices')).size === 1;
  const names = outputs.map(({ name }) => name);
  if (output !== undefined && !(alike && names.includes(output)))
    refuse(`has its actions in "${names.join('" and "')}"`, 'output', output);
}
