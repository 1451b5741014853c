/** An event of a page with the fields that its maker gave, such as `code` and `clientX`. */
class StandInEvent extends Event {
  /** whether it goes no further up */
  stopped = false;

  constructor(type: string, fields: Record<string, unknown> = {}) {
    super(type, fields);
    for (const [name, value] of Object.entries(fields))
      if (!(name in this)) Object.defineProperty(this, name, { value, writable: true });
  }

  override stopPropagation(): void {
    super.stopPropagation();
    this.stopped = true;
  }
}

/** The events that a thread without a page lacks. */
export const EVENTS: Readonly<Record<string, typeof StandInEvent>> = Object.fromEntries(
  ['UIEvent', 'KeyboardEvent', 'MouseEvent', 'PointerEvent', 'WheelEvent', 'TouchEvent', 'FocusEvent'].map((name) => [
    name,
    class extends StandInEvent {},
  ]),
);

/** What listens as parts of a page do: by listeners, and by a function in `onclick` and the like; what bubbles goes up. */
export class PageTarget extends EventTarget {
  /** where events of this one bubble to */
  protected get above(): PageTarget | null {
    return null;
  }

  override dispatchEvent(event: Event): boolean {
    super.dispatchEvent(event);
    callHandler(this, event);
    if (event.bubbles && !(event instanceof StandInEvent && event.stopped)) this.above?.dispatchEvent(event);
    return !event.defaultPrevented;
  }

  /** Has an event come as soon as whoever waits for it is ready for it. */
  protected dispatchSoon(type: string): void {
    setTimeout(() => this.dispatchEvent(new Event(type)), 0);
  }
}

/** A window or a document: loaded by the time that a scene is made, so whoever waits for that is called at once. */
export class LoadedTarget extends PageTarget {
  override addEventListener(type: string, listener: EventListener | null, options?: AddEventListenerOptions): void {
    if (listener && (type === 'load' || type === 'DOMContentLoaded')) setTimeout(() => callLoaded(listener, type), 0);
    else super.addEventListener(type, listener, options);
  }

  set onload(listener: EventListener | null) {
    this.addEventListener('load', listener);
  }
}

function callLoaded(listener: EventListener | EventListenerObject, type: string): void {
  if (typeof listener === 'function') listener(new Event(type));
  else listener.handleEvent(new Event(type));
}

function callHandler(target: EventTarget, event: Event): void {
  const handler: unknown = Reflect.get(target, `on${event.type}`);
  if (typeof handler === 'function') handler.call(target, event);
}
