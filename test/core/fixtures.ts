/** T = 4, N = 3, O = 2 + 3, C = 2, D = 2, M = 3 + 2 */
export const SHAPE = {
  horizon: 4,
  agents: 3,
  layout: {
    sensors: [
      { name: 'place', size: 2 },
      { name: 'velocity', size: 3 },
    ],
    actuators: [{ name: 'legs', continuous: 2, branches: [3, 2] }],
  },
};
