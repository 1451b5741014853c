import { readFile } from 'node:fs/promises';
import { messageOf } from '../core/errors.ts';
import { describeLayout } from '../core/layout.ts';
import { readOnnx } from '../onnx/import-onnx.ts';
import { writePolicy } from '../policy/policy-file.ts';
import { UsageError } from './usage-error.ts';
import { withEnding, writeWhole } from './write-file.ts';

interface ImportFlags {
  readonly out?: string;
  readonly name?: string;
  readonly timeStep?: number;
  readonly decisionPeriod?: number;
  readonly json?: boolean;
}

/** `babylon-agents import <onnx file>` */
export async function importCommand(path: string, { json, ...flags }: ImportFlags): Promise<void> {
  const { out = withEnding(path, '.safetensors'), ...options } = flags;
  const file = await readFile(path).catch((error) => {
    throw new UsageError(`ONNX file "${path}" cannot be read: ${messageOf(error)}.`, { cause: error });
  });
  const { policy, trained } = readOnnx(file, { ...options, who: `ONNX file "${path}"` });
  const bytes = writePolicy(policy, trained);
  await writeWhole(out, bytes, path);
  const { name, layout } = policy.spec;
  process.stdout.write(
    json
      ? `${JSON.stringify({ policy: path, format: 'safetensors', out, bytes: bytes.length, name, sensors: layout.sensors, actions: layout.actuators })}\n`
      : `${out}: "${name}" ${describeLayout(layout)}.\n`,
  );
}
