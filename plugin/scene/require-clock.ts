import { AgentsError } from '../core/errors.ts';
import type { CheckedController } from './controllers.ts';

/** When decisions are taken; a policy must be played with the clock that it was trained with. */
export interface Clock {
  /** s per physics step */
  readonly timeStep: number;
  /** physics steps that each action is held for */
  readonly decisionPeriod: number;
  /** physics steps per frame, if there are frames */
  readonly frames?: number;
}

/** A clock, as part of a time step that differs by rounding alone: `0.0166667` is 1/60 s. */
const ROUNDING = 1e-5;

/**
 * Throws if a controller was trained with a clock other than that of `who`; a person or noise has no clock.
 *
 * @param remedy what else to do, as a sentence
 */
export function requireClock(controller: CheckedController, clock: Clock, who: string, remedy = ''): void {
  for (const asked of controller.asks ?? []) requireClock(asked, clock, who, remedy);
  const { spec } = controller;
  if (typeof spec?.timeStep !== 'number') return;
  const { frames } = clock;
  if (spec.frames && spec.frames !== frames)
    throw new AgentsError(
      `Policy "${spec.name}" was trained with \`frames: ${spec.frames}\`, but ${who} has ${frames ? `\`frames: ${frames}\`` : 'none'}. Give it \`frames: ${spec.frames}\`, or train the policy without.`,
    );
  if (sameClock(spec, clock)) return;
  throw new AgentsError(
    `Policy "${spec.name}" was trained to decide every ${describeClock(spec)}, but ${who} decides every ${describeClock(clock)}. ${remedy || `Give the environment \`timeStep: ${spec.timeStep}, decisionPeriod: ${spec.decisionPeriod}\`, or train the policy with the environment's; an ONNX file is imported with \`timeStep\` and \`decisionPeriod\` as options.`}`,
  );
}

function sameClock(a: Clock, b: Clock): boolean {
  return a.decisionPeriod === b.decisionPeriod && Math.abs(a.timeStep - b.timeStep) <= ROUNDING * b.timeStep;
}

function describeClock({ timeStep, decisionPeriod }: Clock): string {
  return decisionPeriod === 1 ? `step of ${timeStep} s` : `${decisionPeriod} steps of ${timeStep} s`;
}
