import policyAddress from '../../../demo-scenes/balance-ball/balance-ball.safetensors?url';
import { balanceBall } from '../../../demo-scenes/balance-ball/environment.ts';
import { view } from '../../../demo-scenes/balance-ball/view.ts';
import { beaconYard } from '../../../demo-scenes/beacon-yard/environment.ts';
import { view as yardView } from '../../../demo-scenes/beacon-yard/view.ts';
import { type AreaCount, Field } from '../../../demo-scenes/field/field.ts';
import type { Theme } from '../../../demo-scenes/view.ts';
import { loadPolicy } from '../../../plugin/index.ts';
import { rover, roverView } from './rover.ts';

/** What the listeners of the page are counted on: everything that outlives a field. */
const watched = [window, document, document.getElementById('stage')!];

const listening = new Set<string>();

/** Counts listeners that are there, those with an AbortSignal included. */
function countListeners(): void {
  for (const target of watched) {
    const { addEventListener: add, removeEventListener: remove } = target;
    const ids = new WeakMap<object, number>();
    let next = 0;
    const identify = (type: string, listener: unknown, options: unknown): string => {
      const key = listener as object;
      if (!ids.has(key)) ids.set(key, next++);
      const capture = typeof options === 'object' ? (options as AddEventListenerOptions | null)?.capture : options;
      return `${target.constructor.name} ${type} ${ids.get(key)} ${Boolean(capture)}`;
    };
    target.addEventListener = (type: string, listener: EventListener, options?: AddEventListenerOptions) => {
      const id = identify(type, listener, options);
      listening.add(id);
      if (typeof options === 'object') options.signal?.addEventListener('abort', () => listening.delete(id));
      add.call(target, type, listener, options);
    };
    target.removeEventListener = (type: string, listener: EventListener, options?: EventListenerOptions) => {
      listening.delete(identify(type, listener, options));
      remove.call(target, type, listener, options);
    };
  }
}

const canvas = document.getElementById('stage') as HTMLCanvasElement;

const fieldHarness = {
  field: undefined as Field | undefined,

  /** Balance-ball at play with its trained policy, before the first frame. */
  async openBalls(areas: AreaCount, theme: Theme): Promise<void> {
    const policy = await loadPolicy(policyAddress);
    const field = await Field.open({ canvas, environment: balanceBall, view, areas, theme });
    field.play(policy);
    fieldHarness.field = field;
  },

  async openRovers(areas: AreaCount, theme: Theme): Promise<void> {
    fieldHarness.field = await Field.open({ canvas, environment: rover, view: roverView, areas, theme });
  },

  /** The yard, which makes its own scene; nobody acts yet. */
  async openYard(areas: AreaCount, theme: Theme): Promise<void> {
    fieldHarness.field = await Field.open({ canvas, environment: beaconYard, view: yardView, areas, theme });
  },

  /** Listeners of window, document and canvas that the page has added and not removed. */
  listeners: () => [...listening],
};

declare global {
  var harness: unknown;
  var fields: typeof fieldHarness;
}

countListeners();
globalThis.fields = fieldHarness;
