import { GOAL, type Phase } from './match.ts';
import type { Opponent } from './opponents.ts';

/** The page's element of an id; the page has all of them. */
export function element<T extends HTMLElement = HTMLElement>(id: string): T {
  return document.getElementById(id) as T;
}

/** What stands over the picture: score, time, calls, and the screens before and after a match. */
export class Hud {
  readonly #time = element<HTMLOutputElement>('time');
  readonly #call = element<HTMLOutputElement>('call');
  readonly #meter = element('dash-meter');
  readonly #meterBar = element('dash-meter').querySelector('i')!;
  readonly #dash = element('dash');
  #shownTime = '';
  #ready: boolean | undefined;

  /** Shows which screen and which parts belong to a phase. */
  show(phase: Phase): void {
    document.body.dataset.phase = phase;
  }

  pause(paused: boolean): void {
    document.body.classList.toggle('paused', paused);
  }

  /** Shows whom a person plays against. */
  name({ name, color }: Opponent): void {
    element('opponent-name').textContent = name;
    document.documentElement.style.setProperty('--opponent', color);
  }

  score([person, opponent]: readonly [number, number]): void {
    showPips(element('person-pips'), person);
    showPips(element('opponent-pips'), opponent);
  }

  /** Calls something out over the ring; nothing for ''. */
  call(text: string, small = false): void {
    if (!text && !this.#call.value) return;
    this.#call.value = text;
    this.#call.classList.toggle('small', small);
    this.#call.classList.remove('shown');
    if (!text) return;
    void this.#call.offsetWidth; // begins the animation again
    this.#call.classList.add('shown');
  }

  /** Shows the s that are left of a round, and how much of the dash is there; every frame. */
  tick(left: number, charge: number): void {
    const time = String(Math.ceil(Math.max(left, 0)));
    if (time !== this.#shownTime) {
      this.#shownTime = this.#time.value = time;
      this.#time.classList.toggle('late', left < 5);
    }
    this.#meterBar.style.transform = `scaleX(${charge.toFixed(2)})`;
    const ready = charge >= 1;
    if (ready === this.#ready) return;
    this.#ready = ready;
    this.#meter.classList.toggle('ready', ready);
    this.#dash.classList.toggle('ready', ready);
  }

  /** Shows who won a match. */
  result(won: boolean, [person, opponent]: readonly [number, number], { name }: Opponent): void {
    element('result-title').textContent = won ? 'You win!' : `${name} wins`;
    element('result-score').textContent = won
      ? `${person} to ${opponent}. ${name} will remember that.`
      : `${opponent} to ${person}. The ring is already back in place.`;
  }

  /** Says what went wrong, in place of a game. */
  problem(message: string): void {
    element('problem').textContent = message;
    element('problem').hidden = false;
  }
}

function showPips(pips: HTMLElement, won: number): void {
  while (pips.childElementCount < GOAL) pips.append(document.createElement('i'));
  [...pips.children].forEach((pip, i) => {
    pip.classList.toggle('on', i < won);
  });
}

/** Fills the start screen with a card for each opponent. */
export function showOpponents(opponents: readonly Opponent[], onChoose: (opponent: Opponent) => void): void {
  element('opponents').replaceChildren(
    ...opponents.map((opponent) => {
      const card = document.createElement('button');
      card.type = 'button';
      card.className = 'card';
      card.dataset.strength = opponent.strength;
      card.style.setProperty('--own', opponent.color);
      card.innerHTML = `${drawFace(opponent)}<strong>${opponent.name}</strong><em>${opponent.strength}</em>`;
      card.addEventListener('click', () => onChoose(opponent));
      return card;
    }),
  );
}

/** The face of a bot, as on the ring. */
function drawFace({ color, temper }: Opponent): string {
  const turn = (temper * 180) / Math.PI;
  const height = temper > 0 ? 5 : 9;
  const eyes = [-1, 1].map(
    (side) =>
      `<ellipse cx="${40 + side * 12}" cy="30" rx="8" ry="${height}" fill="${color}" transform="rotate(${side * turn} ${40 + side * 12} 30)"/>`,
  );
  return `<svg viewBox="0 0 80 64" aria-hidden="true"><path d="M12 52Q10 44 18 38Q16 8 40 6Q64 8 62 38Q70 44 68 52Q64 60 40 60Q16 60 12 52Z" fill="${color}"/><rect x="17" y="18" width="46" height="24" rx="12" fill="#14122e"/><path d="M11 50Q40 58 69 50" stroke="#fff" stroke-opacity=".75" stroke-width="4" fill="none"/>${eyes.join('')}</svg>`;
}
