// snippet: move
import { readFile, writeFile } from 'node:fs/promises';
import { parsePolicy, writePolicy } from 'babylon-agents';
import { exportOnnx, importOnnx } from 'babylon-agents/onnx';

const policy = parsePolicy(await readFile('balance-ball.safetensors'));
await writeFile('3DBall.onnx', exportOnnx(policy, { observations: 'joined' }));

const { layout } = policy.spec; // the agent to control: its sensors and actuators, under your own names
const unity = importOnnx(await readFile('unity/3DBall.onnx'), { layout, name: policy.spec.name });
await writeFile('unity-ball.safetensors', writePolicy(unity));
// snippet end
