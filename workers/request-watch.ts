import { askerOf } from '../plugin/core/source-place.ts';
import { replaceGlobal } from './replace-global.ts';

/** A request that brought nothing. */
export interface FailedRequest {
  readonly address: string;
  /** completes "it …" */
  readonly why: string;
  /** by XMLHttpRequest, as Babylon loads, or by fetch() */
  readonly by: 'xhr' | 'fetch';
  /** of the user's source that led to it, if the stack shows it */
  readonly place: string | undefined;
}

/** What a thread asks for, from when it was made until stop(). */
export class RequestWatch {
  readonly #open = new Map<object, string>();
  /** the last one of each address, unless a later one came back */
  readonly #failed = new Map<string, FailedRequest>();
  readonly #addressOfSize = new Map<number, string>();

  constructor() {
    if (watches.size === 0) undo = listen();
    watches.add(this);
  }

  stop(): void {
    watches.delete(this);
    if (watches.size === 0) for (const one of undo) one();
  }

  /** The addresses that are waited for. */
  get open(): readonly string[] {
    return [...new Set(this.#open.values())];
  }

  get failed(): readonly FailedRequest[] {
    return [...this.#failed.values()];
  }

  /** Where so many bytes came from. */
  addressOf(bytes: number): string | undefined {
    return this.#addressOfSize.get(bytes);
  }

  begin(request: object, address: string): void {
    this.#open.set(request, address);
  }

  end(request: object, address: string, result: FailedRequest | number): void {
    this.#open.delete(request);
    if (typeof result !== 'number') this.#failed.set(address, result);
    else {
      this.#failed.delete(address);
      this.#addressOfSize.set(result, address);
    }
  }
}

const watches = new Set<RequestWatch>();
let undo: readonly (() => void)[] = [];

const begin = (request: object, address: string) => {
  for (const watch of watches) watch.begin(request, address);
};
const end = (request: object, address: string, result: FailedRequest | number = 0) => {
  for (const watch of watches) watch.end(request, address, result);
};
const answered = (status: number, text: string) =>
  status === 0 ? `could not be reached${text && `: ${text}`}` : `answered ${status}${text && ` ${text}`}`;

function listen(): (() => void)[] {
  const { fetch: fetchBefore, XMLHttpRequest: RequestBefore } = globalThis;
  const undone = [
    replaceGlobal('fetch', async (input, init) => {
      const key = {};
      const address = input instanceof Request ? input.url : String(input);
      const failed = (why: string): FailedRequest => ({ address, why, by: 'fetch', place: askerOf(asked) });
      const asked = new Error();
      begin(key, address);
      try {
        const answer = await fetchBefore(input, init);
        end(key, address, answer.ok ? 0 : failed(answered(answer.status, answer.statusText)));
        return answer;
      } catch (error) {
        end(key, address, failed(answered(0, error instanceof Error ? error.message : String(error))));
        throw error;
      }
    }),
  ];
  return RequestBefore ? [...undone, replaceGlobal('XMLHttpRequest', watched(RequestBefore))] : undone;
}

function watched(RequestBefore: typeof XMLHttpRequest): typeof XMLHttpRequest {
  return class extends RequestBefore {
    override open(method: string, url: string | URL, ...rest: unknown[]): void {
      const address = String(url);
      const asked = new Error();
      begin(this, address);
      const ended = () => {
        const { status, statusText, response } = this;
        const whole = status >= 200 && status < 400;
        const why = answered(status, statusText);
        const result = { address, why, by: 'xhr', place: whole ? undefined : askerOf(asked) } as const;
        end(this, address, whole ? ((response as ArrayBuffer | null)?.byteLength ?? 0) : result);
      };
      this.addEventListener('loadend', ended, { once: true });
      (super.open as (...all: unknown[]) => void)(method, url, ...rest);
    }
  };
}
