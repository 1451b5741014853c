/**
 * Contract tests for environments, sensors and actuators, for Vitest.
 *
 * @module
 */

export { describeActuatorContract } from './actuator.ts';
export { describeEnvironmentContract, type EnvironmentContractOptions } from './environment.ts';
export { describeSensorContract } from './sensor.ts';
