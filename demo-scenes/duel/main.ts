import { Game } from './game/game.ts';
import { element, showOpponents } from './game/hud.ts';
import { opponents } from './game/opponents.ts';

declare global {
  /** what the page leaves for the browser's console */
  var game: Game | undefined;
}

/** Connects the page's buttons, keys and visibility with the game. */
async function main(): Promise<void> {
  const game = await Game.open(element<HTMLCanvasElement>('stage'));
  globalThis.game = game;
  const challenge = (i: number) => {
    game.sounds.wake();
    void game.challenge(opponents[i]).catch(tell);
  };
  showOpponents(opponents, (opponent) => challenge(opponents.indexOf(opponent)));
  element('rematch').addEventListener('click', () => game.rematch());
  element('leave').addEventListener('click', () => game.match.leave());
  element('mute').addEventListener('click', () => mute(game));
  const goOn = () => {
    if (game.paused) game.paused = false;
  };
  addEventListener('pointerdown', goOn);
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) game.paused = true;
  });
  addEventListener('keydown', ({ code, repeat }) => {
    if (repeat) return;
    const wasPaused = game.paused;
    goOn();
    if (code === 'KeyM') mute(game);
    else if (code === 'KeyP' && !wasPaused) game.paused = true;
    else if (code === 'Escape') game.match.leave();
    else if (code === 'Enter' && game.match.phase === 'over') game.rematch();
    else if (/^Digit[123]$/.test(code) && !game.playing) challenge(Number(code.at(-1)) - 1);
  });
}

function mute({ sounds }: Game): void {
  sounds.muted = !sounds.muted;
  element('mute').ariaPressed = String(sounds.muted);
}

function tell(error: unknown): void {
  element('problem').textContent = `The game cannot go on: ${error instanceof Error ? error.message : error}`;
  element('problem').hidden = false;
}

main().catch(tell);
