// snippet: robot
import { readFile, writeFile } from 'node:fs/promises';
import { writePolicy } from 'babylon-agents';
import { importOnnx } from 'babylon-agents/onnx';

const robot = importOnnx(await readFile('robot.onnx'), {
  bounds: 'none', // not in the file: actions are joint offsets, in radians times 4
  name: 'robot',
  timeStep: 0.005,
  decisionPeriod: 4,
  layout: {
    sensors: [
      { name: 'imu', size: 6 },
      { name: 'joints', size: 48 },
    ],
    actuators: [{ name: 'legs', continuous: 16, branches: [] }],
  },
});
await writeFile('robot.safetensors', writePolicy(robot));
// snippet end
