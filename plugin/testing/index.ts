/**
 * Contracts of environments, sensors and actuators, as tests for Vitest.
 *
 * @module
 */

export { describeActuatorContract } from './actuator.ts';
export { describeEnvironmentContract, type EnvironmentContractOptions } from './environment.ts';
export { describeSensorContract } from './sensor.ts';
