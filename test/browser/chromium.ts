import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const COMMANDS = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'msedge',
  'microsoft-edge',
];

/** Where installers put browsers that are not in the PATH. */
const ELSEWHERE = [
  '/usr/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** Draw and compute in software, so that machines without a GPU run the same tests. */
const SOFTWARE_WEBGL = ['--use-angle=swiftshader', '--enable-unsafe-swiftshader'];
const SOFTWARE_WEBGPU = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--use-angle=swiftshader',
  '--use-vulkan=swiftshader',
  '--enable-features=Vulkan',
  '--ignore-gpu-blocklist',
];

/** Starts a Chromium without a window, with WebGPU, with WebGL 2 alone, or unable to draw in 3D at all. */
export function launchChromium({ webgpu, webgl = true }: ChromiumOptions): Promise<Browser> {
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const drawing = webgpu ? SOFTWARE_WEBGPU : webgl ? SOFTWARE_WEBGL : ['--disable-3d-apis'];
  return chromium.launch({ executablePath: requireChromium(), args: [...asRoot, ...drawing] });
}

export interface ChromiumOptions {
  readonly webgpu: boolean;
  /** true unless stated */
  readonly webgl?: boolean;
}

/** The browser that the tests drive: one that the environment names, or the first that is installed in a usual place. */
export function findChromium(): string | undefined {
  const { CHROME_PATH, PUPPETEER_EXECUTABLE_PATH, PATH = '' } = process.env;
  const inPath = COMMANDS.flatMap((command) => PATH.split(delimiter).map((folder) => join(folder, command)));
  const candidates = [CHROME_PATH, PUPPETEER_EXECUTABLE_PATH, ...inPath, ...ELSEWHERE];
  return candidates.find((file) => file !== undefined && isExecutable(file));
}

function requireChromium(): string {
  const found = findChromium();
  if (found) return found;
  throw new Error(
    'The browser tests need Chromium and found none. Install it (Debian: apt-get install chromium), or set CHROME_PATH to a Chromium, Chrome or Edge.',
  );
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
