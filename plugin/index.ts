/**
 * What a game needs: environments, agents, sensors, actuators, and policies at play.
 *
 * @module
 */

export { AgentsError } from './core/errors.ts';
export type { ActuatorLayout, AgentLayout, LayoutSizes, SensorLayout } from './core/layout.ts';
export type {
  CurrentLesson,
  Curriculum,
  EnvironmentParameters,
  Lesson,
  LessonCompletion,
  LessonStanding,
  NoParameters,
  Parameterized,
  ParameterSetting,
  ParameterSettings,
  ParameterValues,
} from './core/parameters.ts';
export { Random } from './core/random.ts';
export type { Interval, ParameterValue, Sampler } from './core/sampler.ts';
export type { NotAPromise } from './core/synchronous.ts';
export {
  ACTIVATIONS,
  type Activation,
  type Critic,
  type NetworkSpec,
  type WeightLayout,
  type WeightSlice,
} from './policy/network.ts';
export { Policy, type PolicyOptions, type PolicySpec } from './policy/policy.ts';
export { loadPolicy, parsePolicy, readTrainingRecord, type TrainingRecord, writePolicy } from './policy/policy-file.ts';
export { type Actuator, isActuator } from './scene/actuator.ts';
export { ForceActuator, type ForceActuatorOptions } from './scene/actuators/force-actuator.ts';
export { FunctionActuator, type FunctionActuatorOptions } from './scene/actuators/function-actuator.ts';
export { JointMotorActuator, type JointMotorActuatorOptions } from './scene/actuators/joint-motor-actuator.ts';
export { KeyActuator, type KeyActuatorOptions } from './scene/actuators/key-actuator.ts';
export { type Move, MoveActuator, type MoveActuatorOptions } from './scene/actuators/move-actuator.ts';
export { TorqueActuator, type TorqueActuatorOptions } from './scene/actuators/torque-actuator.ts';
export type { ActuatedAxes, ActuatorFrame } from './scene/actuators/vector-actuator.ts';
export { Agent, type AgentOptions } from './scene/agent.ts';
export { AgentPart } from './scene/agent-part.ts';
export { type CheckedController, type Controllers, SplitController } from './scene/controllers.ts';
export { type Controller, DecisionClock, type PolicyRows } from './scene/decision-clock.ts';
export {
  type AreaContext,
  type AreaLogic,
  defineEnvironment,
  type Environment,
  type EnvironmentSpec,
} from './scene/environment.ts';
export type { Outcome, PastEpisode } from './scene/episode-tally.ts';
export { enablePhysics, loadHavok, type PhysicsOptions } from './scene/havok.ts';
export type { MotorSpring } from './scene/joint-motor.ts';
export type { Drawable, Inks, Overlay, OverlayOptions } from './scene/overlay.ts';
export type { Ink, Pen } from './scene/pen.ts';
export { currentWorldMatrix, respawn, setTarget, teleport } from './scene/physics.ts';
export { type Playback, type PlayOptions, play } from './scene/play.ts';
export { type PlayPolicyOptions, type PolicyPlayback, playPolicy } from './scene/play-policy.ts';
export type { Pose } from './scene/pose.ts';
export { type RememberedPoses, type RememberOptions, rememberPoses } from './scene/remember-poses.ts';
export type { Clock } from './scene/require-clock.ts';
export { runScript, type ScriptOptions } from './scene/run-script.ts';
export type { ScenePlayback } from './scene/scene-playback.ts';
export { isSensor, type Sensor } from './scene/sensor.ts';
export { BodySensor, type BodySensorOptions } from './scene/sensors/body-sensor.ts';
export { FunctionSensor } from './scene/sensors/function-sensor.ts';
export { GridSensor, type GridSensorOptions } from './scene/sensors/grid-sensor.ts';
export { JointSensor, type JointSensorOptions } from './scene/sensors/joint-sensor.ts';
export { RaySensor, type RaySensorOptions } from './scene/sensors/ray-sensor.ts';
export {
  RelativePositionSensor,
  type RelativePositionSensorOptions,
} from './scene/sensors/relative-position-sensor.ts';
export { StackedSensor, type StackedSensorOptions } from './scene/sensors/stacked-sensor.ts';
export { showOverlay } from './scene/show-overlay.ts';
