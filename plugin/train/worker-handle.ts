import * as Comlink from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { AgentsError, messageOf } from '../core/errors.ts';
import type { WorkerServices } from './worker-protocol.ts';

/** As much of `Worker` of node:worker_threads as is used. It is spelled out so that pages need no types of Node. */
export interface NodeWorker {
  postMessage(message: never, transfer?: never): void;
  on(type: string, listener: (...args: never[]) => void): unknown;
  off(type: string, listener: (...args: never[]) => void): unknown;
  terminate(): Promise<number>;
}

/** Starts the worker whose last statement is exposeEnvironments(): a page's Worker, or Node's. */
export type CreateWorker = () => Worker | NodeWorker;

/** A worker has died: what it knew is lost, and a new one may take its place. */
export class WorkerStopped extends AgentsError {
  /** `Rollout worker 3 stopped: …` */
  readonly what: string;

  constructor(what: string) {
    super(what);
    this.what = what;
  }
}

/** A worker's services as its starter sees them: every answer is a promise. */
export type RemoteServices = { readonly [K in keyof WorkerServices]: Comlink.Remote<WorkerServices[K]> };

/** One worker and the calls to it. A call that the worker does not live to answer throws WorkerStopped instead of waiting forever. */
export class WorkerHandle {
  /** for people: `Rollout worker 3` */
  readonly label: string;
  readonly #worker: Worker | NodeWorker;
  readonly #services: RemoteServices;
  /** what refuses the calls that wait for an answer */
  readonly #waiting = new Set<(error: WorkerStopped) => void>();
  #stopped: WorkerStopped | undefined;
  #disposed = false;

  constructor(label: string, createWorker: CreateWorker) {
    this.label = label;
    this.#worker = createWorker();
    const stop = (reason: string) => this.#stop(reason);
    this.#services = Comlink.wrap(watch(this.#worker, stop)) as unknown as RemoteServices;
    if (!('on' in this.#worker)) watchLock(this.#services, stop).catch(() => {}); // without locks, only its errors tell
  }

  /** Calls the worker, as in `handle.call((services) => services.rollout.collect(…))`. */
  async call<T>(request: (services: RemoteServices) => Promise<T>): Promise<T> {
    if (this.#disposed) throw new WorkerStopped(`${this.label} was disposed.`);
    try {
      if (this.#stopped) throw this.#stopped;
      return await this.#unlessStopped(request(this.#services));
    } catch (error) {
      if (error instanceof WorkerStopped) throw error;
      // name, message and stack are all that crosses a thread
      if (AgentsError.is(error)) throw new AgentsError(error.message, { cause: error });
      throw new AgentsError(`${this.label} failed: ${messageOf(error)}`, { cause: error });
    }
  }

  dispose(): void {
    this.#disposed = true;
    void this.#worker.terminate();
  }

  /** Waits for an answer or for the worker's end. A race against one promise of its end would keep every answer in memory until then. */
  #unlessStopped<T>(answer: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject);
      answer.then(resolve, reject).finally(() => this.#waiting.delete(reject));
    });
  }

  #stop(reason: string): void {
    this.#stopped ??= new WorkerStopped(`${this.label} stopped: ${reason}`);
    for (const refuse of this.#waiting) refuse(this.#stopped);
    this.#waiting.clear();
  }
}

/** The worker's end of a message channel; `stop` is called when it dies. */
function watch(worker: Worker | NodeWorker, stop: (reason: string) => void): Comlink.Endpoint {
  if ('on' in worker) {
    worker.on('error', (error: unknown) => stop(messageOf(error)));
    worker.on('messageerror', (error: unknown) => stop(messageOf(error)));
    worker.on('exit', (code: number) => {
      const idle = code === 0 ? ' Does its file call exposeEnvironments()?' : '';
      stop(`its thread ended with code ${code}.${idle}`);
    });
    return nodeEndpoint(worker);
  }
  worker.addEventListener('error', (event) => stop(event.message || 'its script could not be loaded.'));
  worker.addEventListener('messageerror', () => stop('it sent a message that could not be read.'));
  return worker;
}

/** A page's worker that is terminated, or closes itself, sends no event; but a lock that it held is free again. */
async function watchLock(services: RemoteServices, stop: (reason: string) => void): Promise<void> {
  if (!navigator.locks) return; // not in a secure context
  const name = `babylon-agents-worker-${crypto.randomUUID()}`;
  await services.life.hold(name);
  await navigator.locks.request(name, () => stop('its thread was ended.'));
}
