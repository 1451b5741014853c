/** All sounds of the game, made of oscillators and noise when they are needed; none is loaded. */
export class Sounds {
  muted = false;
  #context: AudioContext | undefined;
  #noise: AudioBuffer | undefined;

  /** Makes sounds possible; browsers want it called from a key, a click or a touch. */
  wake(): void {
    this.#context ??= new AudioContext();
    void this.#context.resume();
  }

  /** Two bots meet; 1 is a hard hit. */
  hit(strength: number): void {
    this.#tone('triangle', 190 + 60 * strength, 45, 0.16 + 0.12 * strength, 0.5 * strength + 0.08);
    this.#hiss(1400 + 2200 * strength, 300, 0.09 + 0.1 * strength, 0.45 * strength);
  }

  dash(): void {
    this.#hiss(500, 3400, 0.2, 0.22);
  }

  /** The countdown: a beep, and a higher one at the start. */
  beep(go: boolean): void {
    this.#tone('square', go ? 880 : 440, go ? 880 : 440, go ? 0.35 : 0.12, 0.09);
  }

  /** A ring breaks off. */
  rumble(): void {
    this.#hiss(260, 60, 1.1, 0.9);
    this.#tone('sawtooth', 62, 30, 0.9, 0.16);
  }

  /** A bot falls. */
  fall(): void {
    this.#tone('sine', 620, 70, 1, 0.2);
  }

  /** The end of a round or a match: notes that rise, or fall. */
  fanfare(won: boolean, long: boolean): void {
    const notes = won ? [523, 659, 784, 1047] : [392, 330, 294, 220];
    const used = long ? notes : notes.slice(0, 2);
    used.forEach((note, i) => {
      this.#tone('triangle', note, note, 0.3, 0.16, 0.13 * i);
    });
  }

  #tone(type: OscillatorType, from: number, to: number, seconds: number, volume: number, after = 0): void {
    const context = this.#ready();
    if (!context) return;
    const start = context.currentTime + after;
    const oscillator = new OscillatorNode(context, { type, frequency: from });
    oscillator.frequency.exponentialRampToValueAtTime(to, start + seconds);
    oscillator.connect(this.#fade(context, volume, start, seconds));
    oscillator.start(start);
    oscillator.stop(start + seconds);
  }

  /** Noise through a filter that moves from one frequency [Hz] to another. */
  #hiss(from: number, to: number, seconds: number, volume: number): void {
    const context = this.#ready();
    if (!context) return;
    const start = context.currentTime;
    const source = new AudioBufferSourceNode(context, { buffer: this.#noiseOf(context), loop: true });
    const filter = new BiquadFilterNode(context, { type: 'bandpass', frequency: from, Q: 0.8 });
    filter.frequency.exponentialRampToValueAtTime(to, start + seconds);
    source.connect(filter).connect(this.#fade(context, volume, start, seconds));
    source.start(start);
    source.stop(start + seconds);
  }

  #ready(): AudioContext | undefined {
    return this.muted || this.#context?.state !== 'running' ? undefined : this.#context;
  }

  #fade(context: AudioContext, volume: number, start: number, seconds: number): GainNode {
    const gain = new GainNode(context, { gain: 0 });
    gain.gain.setValueAtTime(Math.max(volume, 0.001), start);
    gain.gain.exponentialRampToValueAtTime(0.001, start + seconds);
    gain.connect(context.destination);
    return gain;
  }

  /** One second of noise, the same every time. */
  #noiseOf(context: AudioContext): AudioBuffer {
    if (this.#noise) return this.#noise;
    const noise = new AudioBuffer({ length: context.sampleRate, sampleRate: context.sampleRate });
    const samples = noise.getChannelData(0);
    for (let i = 0, state = 1; i < samples.length; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) | 0;
      samples[i] = state / 2147483648;
    }
    this.#noise = noise;
    return noise;
  }
}
