import { describeLayout, measureLayout } from '../core/layout.ts';
import { WorkerHandle } from '../train/worker-handle.ts';
import type { PolicyDescription } from '../train/worker-protocol.ts';
import { prepareNodeWorkers } from './node-workers.ts';
import { WorkerOutput } from './worker-output.ts';

interface ListFlags {
  readonly worker: string;
  readonly json?: boolean;
  readonly verbose?: boolean;
}

/** `babylon-agents list` */
export async function listCommand(flags: ListFlags): Promise<void> {
  const output = new WorkerOutput(flags.verbose);
  const worker = new WorkerHandle('Worker', await prepareNodeWorkers(flags.worker, output));
  try {
    const described = await worker.call((services) => services.rollout.describe());
    if (!flags.json) {
      for (const { name, policies } of described)
        for (const { name: policy, layout } of policies)
          process.stdout.write(`${policies.length === 1 ? name : `${name}, ${policy}`}: ${describeLayout(layout)}\n`);
      return;
    }
    const environments = described.map(({ name, policies, agentsPerArea, timeStep, decisionPeriod, maxDecisions }) => ({
      name,
      ...summarize(policies[0]),
      agentsPerArea,
      timeStep,
      decisionPeriod,
      maxDecisions,
      policies: policies.map((policy) => ({
        name: policy.name,
        ...summarize(policy),
        agentsPerArea: policy.agentsPerArea,
      })),
    }));
    process.stdout.write(`${JSON.stringify({ environments })}\n`);
  } finally {
    worker.dispose();
    output.close();
  }
}

function summarize({ layout }: PolicyDescription): object {
  const { sensors, actuators } = layout;
  return { observationSize: measureLayout(layout).observation, sensors, actions: actuators };
}
