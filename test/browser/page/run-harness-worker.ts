/** The page's worker, which can be told to break: for tests of what a run survives. */

import { environments } from '../../../demo-scenes/catalog.ts';
import { exposeEnvironments } from '../../../workers/index.ts';

let device: GPUDevice | undefined;

if (typeof GPUAdapter !== 'undefined') {
  const request = GPUAdapter.prototype.requestDevice;
  GPUAdapter.prototype.requestDevice = async function (...options) {
    device = await request.apply(this, options);
    return device;
  };
}

new BroadcastChannel('break').addEventListener('message', ({ data }) => {
  if (data === 'gpu') device?.destroy();
  if (data === self.name) self.close();
});

exposeEnvironments(environments);
