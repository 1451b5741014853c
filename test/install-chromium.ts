import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findChromium } from './browser/chromium.ts';

/**
 * Before all tests: the browser tests need a Chromium, and so do WebGPU's in Node, for the software GPU that comes with it.
 * On Debian as root it is installed; elsewhere those tests fail and say what to install.
 */
export function setup(): void {
  if (findChromium() || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
  process.stdout.write('Installing Debian’s chromium for the browser tests …\n');
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'libvulkan1'],
  ]) {
    execFileSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env: environment });
  }
}
