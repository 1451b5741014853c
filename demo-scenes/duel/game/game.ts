import type { Policy } from '../../../plugin/index.ts';
import { ROUND_SECONDS } from '../round.ts';
import { Fight } from './fight.ts';
import { FightWatch } from './fight-watch.ts';
import { Hud } from './hud.ts';
import { createSources } from './input/sources.ts';
import { Show } from './look/show.ts';
import { Stage } from './look/stage.ts';
import { Match, type Phase } from './match.ts';
import { loadOpponent, type Opponent, opponents, type Strength } from './opponents.ts';
import { Person } from './person.ts';
import { Sounds } from './sounds.ts';

/** s that one frame may stand for */
const LONGEST_FRAME = 0.1;

/** The game: a match's phases decide who drives the bots, whether time runs, and what is seen and heard. */
export class Game {
  readonly match = new Match((phase) => this.#enter(phase));
  readonly fight: Fight;
  readonly hud = new Hud();
  readonly sounds = new Sounds();
  readonly #show: Show;
  readonly #person: Person;
  readonly #watch: FightWatch;
  #opponent = opponents[2];
  #policy: Policy;
  #paused = false;
  #count = 0;
  #frames = 0;

  /** Opens the stage, with two bots of the strongest kind fighting behind the menu. */
  static async open(canvas: HTMLCanvasElement): Promise<Game> {
    const stage = new Stage(canvas);
    const [fight, policy] = await Promise.all([Fight.open(stage.scene), loadOpponent(opponents[2])]);
    const game = new Game(stage, fight, policy);
    await stage.start();
    return game;
  }

  private constructor(stage: Stage, fight: Fight, policy: Policy) {
    this.fight = fight;
    this.#policy = policy;
    this.#show = new Show(stage, fight.duel);
    this.#show.dressOpponent(this.#opponent.color, this.#opponent.temper);
    this.#watch = new FightWatch(fight.duel, {
      onHit: (strength, point) => this.#hit(strength, point),
      onDash: (bot) => this.#dash(bot),
      onDrop: () => this.#drop(),
    });
    this.#person = new Person(
      fight.duel,
      createSources(
        () => this.#person.wantDash(),
        () => this.playing && !this.#paused,
      ),
    );
    const { scene } = stage;
    scene.onAfterPhysicsObservable.add(() => this.#step());
    scene.onBeforeRenderObservable.add(() => this.#frame(scene.getEngine().getDeltaTime() / 1000));
    fight.playback.onDecisionObservable.add(() => this.#afterDecision());
    this.#enter('menu');
  }

  /** Whether a match is under way. */
  get playing(): boolean {
    return this.match.phase !== 'menu' && this.match.phase !== 'over';
  }

  /** How strong the opponent of this match is. */
  get strength(): Strength {
    return this.#opponent.strength;
  }

  /** Begins a match against an opponent; the bot on the ring changes its mind and its color, and stays. */
  async challenge(opponent: Opponent): Promise<void> {
    this.#policy = await loadOpponent(opponent);
    this.#opponent = opponent;
    this.#show.dressOpponent(opponent.color, opponent.temper);
    this.hud.name(opponent);
    this.match.start();
  }

  /** Plays the same opponent again. */
  rematch(): void {
    this.match.start();
  }

  /** Pictures drawn so far. */
  get frames(): number {
    return this.#frames;
  }

  /** While true, nothing moves. */
  get paused(): boolean {
    return this.#paused;
  }

  set paused(paused: boolean) {
    this.#paused = paused && this.playing;
    this.hud.pause(this.#paused);
    this.#runTime();
  }

  /** A phase begins. */
  #enter(phase: Phase): void {
    const { fight, hud, match } = this;
    hud.show(phase);
    hud.score(match.score);
    if (phase === 'menu') fight.show(this.#policy);
    if (phase === 'countdown') this.#ready();
    if (phase === 'fight') {
      fight.pit(this.#person, this.#policy);
      hud.call('Push!');
      this.sounds.beep(true);
    }
    if (phase === 'aftermath') this.#endRound();
    if (phase === 'over') {
      hud.call('');
      hud.result(match.leads, match.score, this.#opponent);
      this.sounds.fanfare(match.leads, true);
      fight.show(this.#policy);
    }
    this.#runTime();
  }

  #ready(): void {
    this.#count = 0;
    this.fight.begin();
    this.#show.reset();
  }

  #endRound(): void {
    const { verdict } = this.match;
    const fell = this.#show.fall();
    const how = fell ? 'Ring out!' : 'Nearer to the middle!';
    this.hud.call(verdict === 'draw' ? 'Draw' : verdict === 'won' ? how : fell ? 'You fell!' : 'Too far out!', !fell);
    if (fell) this.sounds.fall();
    this.sounds.fanfare(verdict === 'won', false);
  }

  /** Time runs in a fight, and behind the menu; not while a person waits. */
  #runTime(): void {
    const { phase } = this.match;
    this.fight.playback.paused = this.#paused || phase === 'countdown' || phase === 'aftermath';
  }

  #step(): void {
    if (this.match.phase === 'countdown') return; // the bots are being put in place
    this.#show.step();
    this.#watch.step();
  }

  #afterDecision(): void {
    const { verdict } = this.fight.duel;
    if (verdict) this.match.endRound(verdict); // which counts none behind the menu
  }

  #frame(passed: number): void {
    const { match, fight, hud } = this;
    this.#frames++;
    const seconds = this.#paused ? 0 : Math.min(passed, LONGEST_FRAME);
    match.advance(seconds);
    if (match.phase === 'countdown' && match.count !== this.#count) {
      this.#count = match.count;
      hud.call(String(this.#count));
      this.sounds.beep(false);
    }
    if (match.phase === 'fight' && fight.duel.seconds > 0.7) hud.call('');
    const { playback, duel } = fight;
    hud.tick(ROUND_SECONDS - duel.seconds, duel.bots[0].charge);
    this.#show.update(seconds, playback.paused ? 1 : playback.progress, !this.playing);
  }

  #hit(strength: number, point: Parameters<Show['hit']>[1]): void {
    this.#show.hit(strength, point);
    if (this.playing) this.sounds.hit(strength);
  }

  #dash(bot: 0 | 1): void {
    this.#show.dash(bot);
    if (this.playing) this.sounds.dash();
  }

  #drop(): void {
    this.#show.drop();
    if (this.playing) this.sounds.rumble();
  }
}
