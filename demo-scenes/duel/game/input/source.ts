/** What a person wants the bot to do now, as one device tells it. */
export interface Wish {
  /** to the right of the picture and into it, each in [−1, 1] */
  x: number;
  z: number;
}

/** A device that a person plays with. */
export interface Source {
  /** Adds what it is held at to a wish. */
  add(wish: Wish): void;
}

/** Called when a person asks for a dash. */
export type OnDash = () => void;
