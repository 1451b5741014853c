import type { GridShapes, ObservationInputs } from '../onnx/description.ts';
import { exportOnnx } from '../onnx/export-onnx.ts';
import { parsePolicy, readTrainingRecord, writePolicy } from '../policy/policy-file.ts';
import { readInput } from './read-input.ts';
import { withEnding, writeWhole } from './write-file.ts';

interface ExportFlags {
  readonly format: 'onnx' | 'safetensors';
  readonly out?: string;
  readonly observations: ObservationInputs;
  readonly grid?: GridShapes;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** `babylon-agents export <policy file>` */
export async function exportCommand(path: string, flags: ExportFlags): Promise<void> {
  const { format, observations, grid, force } = flags;
  const out = flags.out ?? withEnding(path, `.${format}`);
  const who = `Policy file "${path}"`;
  const file = await readInput(path, who);
  const policy = parsePolicy(file, who);
  const trained = readTrainingRecord(file, who);
  const bytes =
    format === 'onnx'
      ? exportOnnx(policy, { observations, ...(grid && { grids: grid }), ...(trained && { trained }) })
      : writePolicy(policy, trained);
  await writeWhole(out, bytes, { source: path, force });
  process.stdout.write(
    flags.json
      ? `${JSON.stringify({ policyPath: path, format, out, bytes: bytes.length })}\n`
      : `${out}: ${bytes.length} bytes of ${format}.\n`,
  );
}
