/** ML-Agents' MODEL_EXPORT_VERSION in the files that this library writes. */
export const MODEL_VERSION = 3;

/** The oldest version that can be read: its discrete actions are log-probabilities, which Unity samples from. */
export const OLDEST_VERSION = 2;

/** The inputs and outputs that Unity looks up by name (TensorNames.cs). */
export const TENSOR = {
  masks: 'action_masks',
  memories: 'recurrent_in',
  /** version 2: all vectors in one */
  vector: 'vector_observation',
  /** version 2, from TensorFlow: the noise of continuous actions */
  epsilon: 'epsilon',
  version: 'version_number',
  memorySize: 'memory_size',
  continuous: 'continuous_actions',
  certainContinuous: 'deterministic_continuous_actions',
  /** version 2: actions of either kind */
  action: 'action',
  continuousShape: 'continuous_action_output_shape',
  discrete: 'discrete_actions',
  certainDiscrete: 'deterministic_discrete_actions',
  discreteShape: 'discrete_action_output_shape',
} as const;

/** ML-Agents clips a drawn action to [−3, 3] and divides it by 3. */
export const ACTION_BOUND = 3;

/** ML-Agents' names of its network's weights; "endoder" is its spelling. */
export const WEIGHT = {
  mean: (input: number) => `network_body.observation_encoder.processors.${input}.normalizer.running_mean`,
  deviation: (input: number) => `network_body.observation_encoder.processors.${input}.normalizer.deviation`,
  layer: (layer: number) => `network_body._body_endoder.seq_layers.${2 * layer}`,
  continuous: 'action_model._continuous_distribution.mu',
  logDeviation: 'action_model._continuous_distribution.log_sigma',
  discrete: (branch: number) => `action_model._discrete_distribution.branches.${branch}`,
} as const;
