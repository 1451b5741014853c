import { existsSync } from 'node:fs';
import { constants } from 'node:os';

/** Where Debian's chromium keeps the driver of its software GPU, and the loader of Vulkan drivers. */
const SOFTWARE_VULKAN = '/usr/lib/chromium/vk_swiftshader_icd.json';
const VULKAN_LOADER = '/usr/lib/chromium/libvulkan.so.1';
/** RTLD_NODELETE of Linux, which os.constants does not name: a library stays although it is no module of Node. */
const KEEP_LOADED = 0x1000;

/** Whether Linux has a device file of a GPU. */
function hasGpu(): boolean {
  return process.platform !== 'linux' || ['/dev/dri', '/dev/nvidia0', '/dev/dxg'].some((device) => existsSync(device));
}

/** Lets WebGPU find a software GPU where there is no other and the environment names no driver. */
export function provideSoftwareGpu(): void {
  if (process.env.VK_DRIVER_FILES !== undefined || hasGpu() || !existsSync(SOFTWARE_VULKAN)) return;
  process.env.VK_DRIVER_FILES = SOFTWARE_VULKAN;
  const flags = constants.dlopen.RTLD_NOW | constants.dlopen.RTLD_GLOBAL | KEEP_LOADED;
  try {
    process.dlopen({ exports: {} }, VULKAN_LOADER, flags);
  } catch {} // it is loaded by now, and complains that it is no module of Node
}
