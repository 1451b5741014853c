import { pageAddress } from '../page-addresses.ts';
import { HEIGHT, PageElement, WIDTH } from './element.ts';
import { EVENTS, LoadedTarget, type PageTarget } from './events.ts';
import { createStandIn, type StandInOptions } from './stand-in.ts';

export interface PageOptions extends Required<Omit<StandInOptions, 'base'>> {
  /** hears of what asks for a frame, which never comes */
  readonly onFrame: (callback: () => void) => void;
}

/** A page that a scene was written for: a window, a document with a canvas, and storage, all its own and seen by nobody. */
export class Page {
  readonly window: PageWindow;
  readonly #document: PageDocument;

  constructor({ onMiss, onNew, onFrame }: PageOptions) {
    const document = new PageDocument();
    const own = new PageWindow(document, { onMiss, onFrame });
    const view = createStandIn('window', own, { onMiss, onNew, base: globalThis });
    document.defaultView = view;
    Object.assign(own, { window: view, self: view, parent: view, top: view });
    Object.assign(own, { document: createStandIn('document', document, { onMiss }) });
    this.window = view;
    this.#document = document;
  }

  /** What the engine draws on, so to speak: what it was given, or that which the page has. */
  get canvas(): PageElement {
    return this.#document.canvas;
  }

  set canvas(canvas: PageElement) {
    this.#document.canvas = canvas;
  }
}

class PageDocument extends LoadedTarget {
  defaultView: PageWindow | null = null;
  title = '';
  cookie = '';
  readonly hidden = false;
  readonly visibilityState = 'visible';
  readonly readyState = 'complete';
  /** what addresses of the page are relative to */
  get baseURI(): string {
    return pageAddress();
  }
  readonly fullscreenElement = null;
  readonly pointerLockElement = null;
  readonly currentScript = null;
  readonly documentElement = new PageElement('html', this);
  readonly head = this.documentElement.appendChild(new PageElement('head', this));
  readonly body = this.documentElement.appendChild(new PageElement('body', this));
  activeElement: PageElement = this.body;
  readonly #found = new Map<string, PageElement>();
  #canvas: PageElement | undefined;

  get canvas(): PageElement {
    this.#canvas ??= this.body.appendChild(new PageElement('canvas', this));
    return this.#canvas;
  }

  set canvas(canvas: PageElement) {
    this.#canvas = canvas;
  }

  protected override get above(): PageTarget | null {
    return this.defaultView;
  }

  createElement(tag: string): PageElement {
    return new PageElement(tag, this);
  }

  createElementNS(_: string, tag: string): PageElement {
    return new PageElement(tag, this);
  }

  createTextNode(text: string): PageElement {
    return Object.assign(new PageElement('#text', this), { textContent: text });
  }

  getElementById(id: string): PageElement {
    return this.querySelector(`#${id}`);
  }

  /** The first of those that the scene has made; else one that the page is taken to have, where canvases are all the one. */
  querySelector(selector: string): PageElement {
    const made = descendants(this.documentElement).find((element) => matches(element, selector));
    if (made) return made;
    if (/canvas/i.test(selector)) return this.canvas;
    const found = this.#found.get(selector) ?? new PageElement('div', this);
    this.#found.set(selector, found);
    return found;
  }

  querySelectorAll(selector: string): readonly PageElement[] {
    return descendants(this.documentElement).filter((element) => matches(element, selector));
  }

  getElementsByTagName(tag: string): readonly PageElement[] {
    return this.querySelectorAll(tag);
  }

  getElementsByClassName(name: string): readonly PageElement[] {
    return this.querySelectorAll(`.${name}`);
  }

  elementFromPoint(): PageElement {
    return this.canvas;
  }

  hasFocus(): boolean {
    return true;
  }

  exitPointerLock(): void {}
  exitFullscreen(): void {}
}

/** Kept for as long as the scene lives; items are its properties, as those of a page's. */
class PageStorage {
  getItem(name: string): unknown {
    return Object.hasOwn(this, name) ? Reflect.get(this, name) : null;
  }

  setItem(name: string, value: unknown): void {
    Reflect.set(this, name, String(value));
  }

  removeItem(name: string): void {
    Reflect.deleteProperty(this, name);
  }

  clear(): void {
    for (const name of Object.keys(this)) this.removeItem(name);
  }

  key(index: number): string | null {
    return Object.keys(this)[index] ?? null;
  }

  get length(): number {
    return Object.keys(this).length;
  }
}

/** Observers of sizes and nodes of a page, which never change. */
class PageObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

export class PageWindow extends LoadedTarget {
  readonly localStorage = new PageStorage();
  readonly sessionStorage = new PageStorage();
  readonly navigator: object;
  readonly innerWidth = WIDTH;
  readonly innerHeight = HEIGHT;
  readonly outerWidth = WIDTH;
  readonly outerHeight = HEIGHT;
  readonly devicePixelRatio = 1;
  readonly screen = { width: WIDTH, height: HEIGHT, availWidth: WIDTH, availHeight: HEIGHT };
  readonly HTMLElement = PageElement;
  readonly HTMLCanvasElement = PageElement;
  readonly ResizeObserver = PageObserver;
  readonly MutationObserver = PageObserver;
  readonly IntersectionObserver = PageObserver;

  readonly #onFrame: PageOptions['onFrame'];

  constructor(document: PageDocument, { onMiss, onFrame }: Omit<PageOptions, 'onNew'>) {
    super();
    this.#onFrame = onFrame;
    const { navigator: known } = globalThis;
    const own = {
      userAgent: '',
      language: 'en',
      platform: '',
      maxTouchPoints: 0,
      gpu: undefined,
      xr: undefined,
      getGamepads: () => [],
    };
    const { userAgent = own.userAgent, language = own.language } = known ?? {};
    this.navigator = createStandIn('navigator', { ...own, userAgent, language }, { onMiss, base: known });
    Object.assign(this, EVENTS, { Image: elementClass('img', document), Audio: elementClass('audio', document) });
    if (!('location' in globalThis)) Object.assign(this, { location: new URL(pageAddress()) });
  }

  /** No frames come in training. */
  requestAnimationFrame(callback: () => void): number {
    this.#onFrame(callback);
    return 0;
  }

  cancelAnimationFrame(): void {}

  matchMedia(media: string): object {
    return Object.assign(new EventTarget(), { matches: false, media, addListener() {}, removeListener() {} });
  }

  getComputedStyle({ style }: PageElement): object {
    return style;
  }

  alert(): void {}
  close(): void {}
  focus(): void {}
  postMessage(): void {}
  scrollTo(): void {}
}

/** The class of elements that scenes make by `new`, with an address. */
function elementClass(tag: string, document: PageDocument): typeof PageElement {
  class MadeElement extends PageElement {
    constructor(address?: unknown) {
      super(tag, document);
      if (typeof address === 'string') this.src = address;
    }
  }
  return MadeElement;
}

function descendants(element: PageElement): readonly PageElement[] {
  return element.children.flatMap((child) => [child, ...descendants(child)]);
}

/** By a tag, a class or an id: of a longer selector, the last part. */
function matches(element: PageElement, selector: string): boolean {
  const last =
    selector
      .trim()
      .split(/[\s>]+/)
      .at(-1) ?? '';
  if (last.startsWith('#')) return element.id === last.slice(1);
  if (last.startsWith('.')) return element.classList.contains(last.slice(1));
  return element.tagName === last.toUpperCase();
}
