import { describeLayout } from '../core/layout.ts';
import { readOnnx } from '../onnx/import-onnx.ts';
import { writePolicy } from '../policy/policy-file.ts';
import { readInput } from './read-input.ts';
import { withEnding, writeWhole } from './write-file.ts';

interface ImportFlags {
  readonly out?: string;
  readonly name?: string;
  readonly timeStep?: number;
  readonly decisionPeriod?: number;
  readonly bounds?: 'clip' | 'tanh' | 'none';
  readonly branches?: readonly number[];
  readonly continuous?: number;
  readonly output?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** `babylon-agents import <onnx file>` */
export async function importCommand(path: string, { json, ...flags }: ImportFlags): Promise<void> {
  const { out = withEnding(path, '.safetensors'), force, ...options } = flags;
  const who = `ONNX file "${path}"`;
  const file = await readInput(path, who);
  const { policy, trained } = readOnnx(file, { ...options, who });
  const bytes = writePolicy(policy, trained);
  await writeWhole(out, bytes, { source: path, force });
  const { name, layout, bounds } = policy.spec;
  process.stdout.write(
    json
      ? `${JSON.stringify({ onnxPath: path, format: 'safetensors', out, bytes: bytes.length, name, sensors: layout.sensors, actions: layout.actuators, bounds })}\n`
      : `${out}: "${name}" ${describeLayout(layout)}${bounds === 'none' ? ', without bounds' : ''}.\n`,
  );
}
