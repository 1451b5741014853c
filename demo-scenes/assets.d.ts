/** Every setting of training, from its declaration; scripts/settings.ts reads it when the page is built. */
declare module 'virtual:settings' {
  export const settings: readonly import('../scripts/settings.ts').Setting[];
}

/** What training reached with a policy file; vite.config.ts reads it when the page is built. */
declare module '*.safetensors?record' {
  export const record: import('../plugin/index.ts').TrainingRecord | undefined;
}

/** Whether the documentation is beside the page; vite.config.ts sets it. */
declare const HAS_DOCUMENTATION: boolean;
