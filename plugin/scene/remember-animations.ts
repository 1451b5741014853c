import type { Animatable } from '@babylonjs/core/Animations/animatable.core.js';
import type { AnimationGroup } from '@babylonjs/core/Animations/animationGroup.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { SceneInternals } from './babylon-internals.ts';

/**
 * Remembers which animations of a scene are running, and their progress. Returns a function that resumes exactly these from
 * there and stops all others, without end events. It does not restore the node properties that animations write.
 */
export function rememberAnimations(scene: Scene): () => void {
  const internals = scene as unknown as SceneInternals;
  const { _animationTime: time } = internals;
  const groups = scene.animationGroups.filter(({ isStarted }) => isStarted).map(rememberGroup);
  const grouped = new Set<Animatable>(groups.flatMap(({ group }) => group.animatables));
  const loose = activeOf(scene)
    .filter((animatable) => !grouped.has(animatable))
    .map(rememberLoose);
  const phases = activeOf(scene).map(phaseOf);
  return () => {
    if (internals._animationTime === time && areAsBefore(activeOf(scene), phases)) return;
    for (const group of scene.animationGroups) group.stop(true);
    const kept = new Set(loose.map(({ phase }) => phase.animatable));
    for (const animatable of [...activeOf(scene)])
      if (!kept.has(animatable)) animatable.stop(undefined, undefined, false, true);
    for (const one of loose) restoreLoose(scene, one);
    for (const one of groups) restoreGroup(one);
    internals._animationTime = time;
    phases.splice(0, phases.length, ...activeOf(scene).map(phaseOf)); // some were begun again as new objects
  };
}

/** Empty if no animation was ever loaded. */
function activeOf(scene: Scene): readonly Animatable[] {
  return (scene as unknown as SceneInternals)._activeAnimatables ?? [];
}

/** An animation's position on the scene's animation timeline. */
interface Phase {
  readonly animatable: Animatable;
  readonly paused: boolean;
  /** ms at which it began; null if it has not */
  readonly offset: number | null;
  readonly pausedAt: number | null;
}

interface AnimatableInternals {
  _localDelayOffset: number | null;
  _pausedDelay: number | null;
}

function phaseOf(animatable: Animatable): Phase {
  const { _localDelayOffset: offset, _pausedDelay: pausedAt } = animatable as unknown as AnimatableInternals;
  return { animatable, paused: animatable.paused, offset, pausedAt };
}

function areAsBefore(active: readonly Animatable[], phases: readonly Phase[]): boolean {
  if (active.length !== phases.length) return false;
  return phases.every((phase, i) => {
    const { animatable, paused, offset } = phaseOf(active[i]);
    return animatable === phase.animatable && paused === phase.paused && offset === phase.offset;
  });
}

function setPhase(animatable: Animatable, { paused, offset, pausedAt }: Phase): void {
  if (paused) animatable.pause();
  else animatable.restart();
  Object.assign(animatable, { _localDelayOffset: offset, _pausedDelay: pausedAt });
}

interface RememberedGroup {
  readonly group: AnimationGroup;
  readonly playing: boolean;
  readonly start: Parameters<AnimationGroup['start']>;
  readonly phases: readonly Phase[];
}

function rememberGroup(group: AnimationGroup): RememberedGroup {
  const { loopAnimation, speedRatio, animatables, isPlaying: playing, isAdditive } = group;
  const { fromFrame = group.from, toFrame = group.to } = animatables[0] ?? {};
  return {
    group,
    playing,
    start: [loopAnimation, speedRatio, fromFrame, toFrame, isAdditive],
    phases: animatables.map(phaseOf),
  };
}

function restoreGroup({ group, playing, start, phases }: RememberedGroup): void {
  group.start(...start);
  if (!playing) group.pause();
  group.animatables.forEach((animatable, i) => {
    if (phases[i]) setPhase(animatable, phases[i]);
  });
}

/** An animation outside any group. */
interface RememberedLoose {
  phase: Phase;
  readonly begin: Parameters<Scene['beginDirectAnimation']>;
}

function rememberLoose(animatable: Animatable): RememberedLoose {
  const { target, fromFrame, toFrame, loopAnimation, speedRatio, isAdditive } = animatable;
  const animations = animatable.getAnimations().map(({ animation }) => animation);
  const { onAnimationEnd: end, onAnimationLoop: loop } = animatable;
  return {
    phase: phaseOf(animatable),
    begin: [
      ...[target, animations, fromFrame, toFrame, loopAnimation, speedRatio],
      ...[end ?? undefined, loop ?? undefined, isAdditive],
    ] as unknown as RememberedLoose['begin'],
  };
}

/** If it has ended, begins it again as a new object. */
function restoreLoose(scene: Scene, loose: RememberedLoose): void {
  const { phase, begin } = loose;
  const active = activeOf(scene).includes(phase.animatable);
  if (active) phase.animatable.reset();
  const animatable = active ? phase.animatable : scene.beginDirectAnimation(...begin);
  setPhase(animatable, phase);
  loose.phase = { ...phase, animatable };
}
