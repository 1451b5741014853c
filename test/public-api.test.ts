import { describe, expect, it } from 'vitest';
import * as scene from '../plugin/index.ts';
import * as inspector from '../plugin/inspector.ts';
import * as onnx from '../plugin/onnx.ts';
import * as testing from '../plugin/testing/index.ts';
import * as training from '../plugin/training.ts';
import * as worker from '../workers/index.ts';

describe('the public names', () => {
  it('of "babylon-agents" are these', () => {
    expect(Object.keys(scene).sort()).toEqual([
      'ACTIVATIONS',
      'Agent',
      'AgentPart',
      'AgentsError',
      'BodySensor',
      'DecisionClock',
      'ForceActuator',
      'FunctionActuator',
      'FunctionSensor',
      'GridSensor',
      'JointMotorActuator',
      'JointSensor',
      'KeyActuator',
      'MoveActuator',
      'Policy',
      'Random',
      'RaySensor',
      'RelativePositionSensor',
      'SplitController',
      'StackedSensor',
      'TorqueActuator',
      'currentWorldMatrix',
      'defineEnvironment',
      'enablePhysics',
      'isActuator',
      'isSensor',
      'loadHavok',
      'loadPolicy',
      'parsePolicy',
      'play',
      'playPolicy',
      'readTrainingRecord',
      'rememberPoses',
      'respawn',
      'runScript',
      'setTarget',
      'showOverlay',
      'teleport',
      'writePolicy',
    ]);
  });

  it('of "babylon-agents/training" are these', () => {
    expect(Object.keys(training).sort()).toEqual([
      'CHECKPOINT_FILE',
      'LEARNER_DEFAULTS',
      'LearnerFailed',
      'OBJECTIVES',
      'POLICY_FILE',
      'TRAINING_DEFAULTS',
      'evaluate',
      'policyFileNames',
      'readCheckpoint',
      'requireSettings',
      'train',
    ]);
  });

  it('of "babylon-agents/onnx" are these', () => {
    expect(Object.keys(onnx).sort()).toEqual(['exportOnnx', 'importOnnx']);
  });

  it('of "babylon-agents/worker" are these', () => {
    expect(Object.keys(worker).sort()).toEqual(['exposeEnvironments', 'requireEnvironment']);
  });

  it('of "babylon-agents/inspector" are these', () => {
    expect(Object.keys(inspector).sort()).toEqual(['loadAgentsPane', 'showAgents']);
  });

  it('of "babylon-agents/testing" are these', () => {
    expect(Object.keys(testing).sort()).toEqual([
      'describeActuatorContract',
      'describeEnvironmentContract',
      'describeSensorContract',
    ]);
  });
});
