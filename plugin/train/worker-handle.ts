import * as Comlink from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { AgentsError, messageOf } from '../core/errors.ts';
import { placeOf } from '../core/source-place.ts';
import { showOption } from './show-option.ts';
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
  /** what to do if it happens again and again; empty if nothing is known */
  readonly advice: string;

  constructor(what: string, advice = '') {
    super(what);
    this.what = what;
    this.advice = advice;
  }
}

/** Code in a worker threw an error that nothing caught: a new worker would do the same. */
export class WorkerFailed extends AgentsError {}

/** A worker's services as its starter sees them: every answer is a promise. */
export type RemoteServices = { readonly [K in keyof WorkerServices]: Comlink.Remote<WorkerServices[K]> };

/** One worker and the calls to it. A call that the worker does not live to answer throws WorkerStopped instead of waiting forever. */
export class WorkerHandle {
  /** for people: `Rollout worker 3` */
  readonly label: string;
  readonly #worker: Worker | NodeWorker;
  readonly #services: RemoteServices;
  /** what refuses the calls that wait for an answer */
  readonly #waiting = new Set<(error: WorkerEnd) => void>();
  #stopped: WorkerEnd | undefined;
  #disposed = false;

  constructor(label: string, createWorker: CreateWorker) {
    this.label = label;
    this.#worker = requireWorker(createWorker());
    const stop = (end: WorkerEnd) => this.#stop(end);
    this.#services = Comlink.wrap(watch(this.#worker, label, stop)) as unknown as RemoteServices;
    if ('on' in this.#worker) return;
    if (typeof document !== 'undefined') this.#services.life.settle(document.baseURI).catch(() => {}); // calls are served in turn
    watchLock(this.#services, label, stop).catch(() => {}); // without locks, only its errors tell
  }

  /** Calls the worker, as in `handle.call((services) => services.rollout.collect(…))`. */
  async call<T>(request: (services: RemoteServices) => Promise<T>): Promise<T> {
    if (this.#disposed) throw new WorkerStopped(`${this.label} was disposed.`);
    try {
      if (this.#stopped) throw this.#stopped;
      return await this.#unlessStopped(request(this.#services));
    } catch (error) {
      if (error instanceof WorkerStopped || error instanceof WorkerFailed) throw error;
      // name, message and stack are all that crosses a thread
      if (AgentsError.is(error)) throw new AgentsError(error.message, { cause: error });
      throw new AgentsError(`${this.label} failed: ${messageOf(error)}${see(placeOf(error))}`, { cause: error });
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

  #stop(end: WorkerEnd): void {
    this.#stopped ??= end;
    for (const refuse of this.#waiting) refuse(this.#stopped);
    this.#waiting.clear();
  }
}

/** Throws unless createWorker() returned what can be talked to: a page's Worker, or Node's. */
function requireWorker(made: unknown): Worker | NodeWorker {
  const can = (name: string) => typeof (made as Record<string, unknown> | null | undefined)?.[name] === 'function';
  if (can('postMessage') && can('terminate') && (can('on') || can('addEventListener'))) return made as Worker;
  const what = can('then') ? 'a promise' : showOption(made);
  throw new AgentsError(`createWorker() returned ${what}. It must start and return a new Worker at every call.`);
}

type WorkerEnd = WorkerStopped | WorkerFailed;

/** The worker's end of a message channel; `stop` is called when it dies, or when code in it fails that nothing has called. */
function watch(worker: Worker | NodeWorker, label: string, stop: (end: WorkerEnd) => void): Comlink.Endpoint {
  const died = (why: string, advice?: string) => stop(new WorkerStopped(`${label} stopped: ${why}`, advice));
  if ('on' in worker) {
    worker.on('error', (error: unknown) => {
      if ((error as { code?: unknown } | null)?.code === 'ERR_WORKER_OUT_OF_MEMORY')
        died('its memory ran out.', 'Use fewer areas or fewer workers.');
      else stop(uncaught(label, messageOf(error), placeOf(error), error));
    });
    worker.on('messageerror', (error: unknown) => died(messageOf(error)));
    worker.on('exit', (code: number) => {
      if (code === 0)
        died(
          'its thread ended with code 0. Does its file call exposeEnvironments()? `npx babylon-agents init my-game` makes a project with one that does.',
        );
      else died(`its thread ended with code ${code}.`, 'Look for code that ends it, such as process.exit().');
    });
    return nodeEndpoint(worker);
  }
  worker.addEventListener('error', ({ message, filename, lineno, colno }) => {
    if (message) stop(uncaught(label, message, filename ? `${filename}:${lineno}:${colno}` : undefined));
    else died('its script could not be loaded.');
  });
  worker.addEventListener('messageerror', () => died('it sent a message that could not be read.'));
  return worker;
}

/** An error that nothing in a worker caught: of its file as it was loaded, or of something that it left running. */
function uncaught(label: string, message: string, place: string | undefined, cause?: unknown): WorkerFailed {
  const ours = /^(?:Uncaught AgentsError: )?\[agents\] (.*)$/s.exec(message)?.[1];
  const text =
    ours ??
    `${message.replace(/[.]?$/, '.')} The error came from its file as it was loaded, or from a timer or an event handler that the file or its environments have set: nothing there caught it.`;
  return new WorkerFailed(`${label} stopped: ${text}${ours?.includes(' See ') ? '' : see(place)}`, { cause });
}

/** ` See src/roller.ts:41:11.`, if a place is known. */
function see(place: string | undefined): string {
  return place === undefined ? '' : ` See ${place}.`;
}

/** A page's worker that is terminated, or closes itself, sends no event; but a lock that it held is free again. */
async function watchLock(services: RemoteServices, label: string, stop: (end: WorkerEnd) => void): Promise<void> {
  if (!navigator.locks) return; // not in a secure context
  const name = `babylon-agents-worker-${crypto.randomUUID()}`;
  await services.life.hold(name);
  const ended = `${label} stopped: its thread was ended.`;
  const advice = 'A browser ends workers when memory runs out: use fewer areas or fewer workers.';
  await navigator.locks.request(name, () => stop(new WorkerStopped(ended, advice)));
}
