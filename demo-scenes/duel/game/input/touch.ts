import type { OnDash, Source, Wish } from './source.ts';

/** px from where a finger was put down at which the push is full */
const REACH = 56;

/** What of the page the touches belong to. */
export interface TouchElements {
  /** takes the touches: everything that is not a button */
  readonly surface: HTMLElement;
  /** shown around the finger while it is down */
  readonly stick: HTMLElement;
  readonly knob: HTMLElement;
  readonly dash: HTMLElement;
}

/** A stick that appears under the finger wherever it is put down, and a button for the dash. */
export class TouchStick implements Source {
  readonly #elements: TouchElements;
  #finger: number | undefined;
  #from = { x: 0, y: 0 };
  #push = { x: 0, z: 0 };

  constructor(elements: TouchElements, onDash: OnDash) {
    this.#elements = elements;
    const { surface, dash } = elements;
    surface.addEventListener('pointerdown', (event) => this.#touch(event));
    surface.addEventListener('pointermove', (event) => this.#move(event));
    surface.addEventListener('pointerup', (event) => this.#release(event));
    surface.addEventListener('pointercancel', (event) => this.#release(event));
    dash.addEventListener('pointerdown', onDash);
  }

  add(wish: Wish): void {
    wish.x += this.#push.x;
    wish.z += this.#push.z;
  }

  #touch(event: PointerEvent): void {
    const { pointerType, pointerId, clientX: x, clientY: y } = event;
    if (pointerType === 'mouse' || this.#finger !== undefined) return;
    const { surface, stick } = this.#elements;
    surface.setPointerCapture(pointerId); // the finger may leave the surface, onto a button
    this.#finger = pointerId;
    this.#from = { x, y };
    stick.style.translate = `${x}px ${y}px`;
    stick.hidden = false;
    this.#move(event);
  }

  #move({ pointerId, clientX, clientY }: PointerEvent): void {
    if (pointerId !== this.#finger) return;
    const x = clientX - this.#from.x;
    const y = clientY - this.#from.y;
    const length = Math.max(Math.hypot(x, y), REACH);
    this.#push = { x: x / length, z: -y / length };
    this.#elements.knob.style.translate = `${this.#push.x * REACH}px ${-this.#push.z * REACH}px`;
  }

  #release({ pointerId }: PointerEvent): void {
    if (pointerId !== this.#finger) return;
    this.#finger = undefined;
    this.#push = { x: 0, z: 0 };
    this.#elements.stick.hidden = true;
  }
}
