import { describeLayout, measureLayout } from '../core/layout.ts';
import { WorkerHandle } from '../train/worker-handle.ts';
import { prepareNodeWorkers } from './node-workers.ts';

/** `babylon-agents list` */
export async function listCommand(flags: { readonly worker: string; readonly json?: boolean }): Promise<void> {
  const worker = new WorkerHandle('Worker', await prepareNodeWorkers(flags.worker));
  try {
    const described = await worker.call((services) => services.rollout.describe());
    if (!flags.json) {
      for (const { name, layout } of described) process.stdout.write(`${name}: ${describeLayout(layout)}\n`);
      return;
    }
    const environments = described.map(({ name, layout, agentsPerArea, timeStep, decisionPeriod, maxDecisions }) => ({
      name,
      observationSize: measureLayout(layout).observation,
      sensors: layout.sensors,
      actions: layout.actuators,
      agentsPerArea,
      timeStep,
      decisionPeriod,
      maxDecisions,
    }));
    process.stdout.write(`${JSON.stringify({ environments })}\n`);
  } finally {
    worker.dispose();
  }
}
