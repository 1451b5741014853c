import { PageTarget } from './events.ts';

/** m of a screen, so to speak: pixels of whatever is asked for its size */
export const WIDTH = 1280;
export const HEIGHT = 720;

/** The document of an element, as far as elements need it. */
export interface Owner extends PageTarget {
  readonly defaultView: unknown;
  querySelector(selector: string): PageElement;
}

/** An element of any kind: it keeps what it is given, has a size, and displays nothing. */
export class PageElement extends PageTarget {
  readonly tagName: string;
  readonly ownerDocument: Owner;
  parentElement: PageElement | null = null;
  children: PageElement[] = [];
  id = '';
  className = '';
  textContent = '';
  innerText = '';
  value = '';
  hidden = false;
  width = WIDTH;
  height = HEIGHT;
  readonly clientWidth = WIDTH;
  readonly clientHeight = HEIGHT;
  readonly offsetWidth = WIDTH;
  readonly offsetHeight = HEIGHT;
  readonly offsetLeft = 0;
  readonly offsetTop = 0;
  readonly dataset: Record<string, string> = {};
  readonly style: Record<string, unknown> = createStyle();
  readonly classList = {
    add: (...names: string[]) => this.#setClasses([...this.#classes(), ...names]),
    remove: (...names: string[]) => this.#setClasses(this.#classes().filter((name) => !names.includes(name))),
    contains: (name: string) => this.#classes().includes(name),
    toggle: (name: string, on = !this.classList.contains(name)) => {
      this.classList[on ? 'add' : 'remove'](name);
      return on;
    },
  };
  readonly #attributes = new Map<string, string>();
  #html = '';
  #source = '';

  constructor(tag: string, owner: Owner) {
    super();
    this.tagName = tag.toUpperCase();
    this.ownerDocument = owner;
  }

  protected override get above(): PageTarget {
    return this.parentElement ?? this.ownerDocument;
  }

  get nodeName(): string {
    return this.tagName;
  }

  get parentNode(): PageElement | null {
    return this.parentElement;
  }

  get childNodes(): readonly PageElement[] {
    return this.children;
  }

  get firstChild(): PageElement | null {
    return this.children[0] ?? null;
  }

  get lastChild(): PageElement | null {
    return this.children.at(-1) ?? null;
  }

  get innerHTML(): string {
    return this.#html;
  }

  set innerHTML(html: string) {
    this.#html = html;
    this.replaceChildren();
  }

  get src(): string {
    return this.#source;
  }

  /** Images and sounds count as loaded; of scripts there are none. */
  set src(address: string) {
    this.#source = address;
    this.dispatchSoon(this.tagName === 'SCRIPT' ? 'error' : 'load');
  }

  setAttribute(name: string, value: string): void {
    this.#attributes.set(name, String(value));
    if (name === 'id' || name === 'src') this[name] = value;
    if (name === 'class') this.className = value;
  }

  getAttribute(name: string): string | null {
    return this.#attributes.get(name) ?? null;
  }

  hasAttribute(name: string): boolean {
    return this.#attributes.has(name);
  }

  removeAttribute(name: string): void {
    this.#attributes.delete(name);
  }

  append(...children: (PageElement | string)[]): void {
    for (const child of children) if (child instanceof PageElement) this.appendChild(child);
  }

  prepend(...children: (PageElement | string)[]): void {
    this.append(...children);
  }

  appendChild<T extends PageElement>(child: T): T {
    child.remove();
    child.parentElement = this;
    this.children.push(child);
    return child;
  }

  insertBefore<T extends PageElement>(child: T): T {
    return this.appendChild(child);
  }

  removeChild<T extends PageElement>(child: T): T {
    child.remove();
    return child;
  }

  replaceChildren(...children: PageElement[]): void {
    for (const child of [...this.children]) child.remove();
    this.append(...children);
  }

  insertAdjacentHTML(): void {}

  remove(): void {
    const { parentElement: parent } = this;
    if (parent) parent.children = parent.children.filter((child) => child !== this);
    this.parentElement = null;
  }

  contains(other: PageElement | null): boolean {
    return other !== null && (other === this || this.contains(other.parentElement));
  }

  querySelector(selector: string): PageElement {
    return this.ownerDocument.querySelector(selector);
  }

  querySelectorAll(): readonly PageElement[] {
    return [];
  }

  /** To write labels on; nothing is drawn by WebGL. */
  getContext(kind: string): unknown {
    return kind === '2d' ? new OffscreenCanvas(this.width, this.height).getContext('2d') : null;
  }

  getBoundingClientRect(): Record<string, number> {
    const [width, height] = [this.clientWidth, this.clientHeight];
    return { x: 0, y: 0, left: 0, top: 0, right: width, bottom: height, width, height };
  }

  click(): void {
    this.dispatchEvent(new Event('click', { bubbles: true }));
  }

  play(): Promise<void> {
    return Promise.resolve();
  }

  canPlayType(): string {
    return '';
  }

  focus(): void {}
  blur(): void {}
  pause(): void {}
  load(): void {}
  scrollIntoView(): void {}
  setPointerCapture(): void {}
  releasePointerCapture(): void {}
  requestPointerLock(): void {}
  requestFullscreen(): void {}

  #classes(): readonly string[] {
    return this.className.split(' ').filter(Boolean);
  }

  #setClasses(names: readonly string[]): void {
    this.className = [...new Set(names)].join(' ');
  }
}

function createStyle(): Record<string, unknown> {
  const style: Record<string, unknown> = {
    setProperty: (name: string, value: string) => {
      style[name] = value;
    },
    removeProperty: (name: string) => {
      delete style[name];
    },
    getPropertyValue: (name: string) => style[name] ?? '',
  };
  return style;
}
