import { describeLayout, measureLayout } from '../core/layout.ts';
import { WorkerHandle } from '../train/worker-handle.ts';
import type { PolicyDescription } from '../train/worker-protocol.ts';
import { prepareNodeWorkers } from './node-workers.ts';

/** `babylon-agents list` */
export async function listCommand(flags: { readonly worker: string; readonly json?: boolean }): Promise<void> {
  const worker = new WorkerHandle('Worker', await prepareNodeWorkers(flags.worker));
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
      ...summarise(policies[0]),
      agentsPerArea,
      timeStep,
      decisionPeriod,
      maxDecisions,
      policies: policies.map((policy) => ({
        name: policy.name,
        ...summarise(policy),
        agentsPerArea: policy.agentsPerArea,
      })),
    }));
    process.stdout.write(`${JSON.stringify({ environments })}\n`);
  } finally {
    worker.dispose();
  }
}

function summarise({ layout }: PolicyDescription): object {
  const { sensors, actuators } = layout;
  return { observationSize: measureLayout(layout).observation, sensors, actions: actuators };
}
