import { useEffect, useState } from 'preact/hooks';
import type { AreaCount, Field } from '../field/field.ts';
import { nameKey } from '../field/key-bindings.ts';
import { useCell } from './cell.ts';
import type { SceneSession, Source } from './scene-session.ts';

const SPEEDS = [1, 0.5, 0.25, 0.1] as const;

/** How the displayed areas play: which policy, how fast, how many, and whether a person drives the first. */
export function PlayControls({ session }: { readonly session: SceneSession }) {
  const field = useCell(session.field);
  return (
    <section class="play" aria-label="Play">
      <SourceChoice session={session} />
      {field && <FieldControls session={session} field={field} />}
    </section>
  );
}

function FieldControls({ session, field }: { readonly session: SceneSession; readonly field: Field }) {
  return (
    <>
      {field.counts.length > 1 && <AreaChoice field={field} />}
      <SpeedChoice field={field} />
      <PauseControls field={field} />
      <Toggle
        id="sampled"
        label="Sampled"
        about="Actions are sampled from the policy, as in training; otherwise the most likely one is taken."
        start={!field.deterministic}
        set={(on) => {
          field.deterministic = !on;
        }}
      />
      <Toggle
        id="overlay"
        label="Overlay"
        about="Shows what the agents sense and do."
        start={field.overlay}
        set={(on) => {
          field.overlay = on;
        }}
      />
      <DriveButton session={session} field={field} />
    </>
  );
}

const SOURCES: Readonly<Record<Source, string>> = {
  shipped: 'Shipped policy',
  training: 'This training',
  file: 'Your file',
};

function SourceChoice({ session }: { readonly session: SceneSession }) {
  const source = useCell(session.source);
  const playables = useCell(session.playables);
  const known = (Object.keys(SOURCES) as Source[]).filter((name) => playables[name] || name === source);
  return (
    <label class="choice">
      <span>Plays</span>
      <select id="source" value={source} onChange={(event) => session.play(event.currentTarget.value as Source)}>
        {known.map((name) => (
          <option key={name} value={name}>
            {name === 'file' ? playables.file?.name : SOURCES[name]}
          </option>
        ))}
      </select>
    </label>
  );
}

function AreaChoice({ field }: { readonly field: Field }) {
  const [count, setCount] = useState(field.areas);
  const choose = (areas: AreaCount) => {
    setCount(areas);
    void field.setAreas(areas);
  };
  return (
    <fieldset class="segments" id="areas">
      <legend>Areas</legend>
      {field.counts.map((areas) => (
        <label key={areas}>
          <input type="radio" name="areas" value={areas} checked={areas === count} onChange={() => choose(areas)} />
          <span>{areas}</span>
        </label>
      ))}
    </fieldset>
  );
}

function SpeedChoice({ field }: { readonly field: Field }) {
  const choose = (text: string) => {
    field.speed = Number(text);
  };
  return (
    <label class="choice">
      <span>Speed</span>
      <select id="speed" onChange={(event) => choose(event.currentTarget.value)}>
        {SPEEDS.map((speed) => (
          <option key={speed} value={speed}>
            {speed === 1 ? 'Real time' : `${speed} ×`}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Pauses the scene, and advances it one decision at a time. */
function PauseControls({ field }: { readonly field: Field }) {
  const [paused, setPaused] = useState(field.paused);
  const toggle = () => {
    field.paused = !paused;
    setPaused(!paused);
  };
  return (
    <span class="pair">
      <button type="button" id="play-pause" aria-pressed={paused} onClick={toggle}>
        {paused ? 'Play' : 'Hold'}
      </button>
      <button
        type="button"
        id="step"
        disabled={!paused}
        title="One decision"
        aria-label="One decision"
        onClick={() => field.stepDecision()}
      >
        Step
      </button>
    </span>
  );
}

/** Lets the keyboard drive the first area. */
function DriveButton({ session, field }: { readonly session: SceneSession; readonly field: Field }) {
  const driving = useCell(session.driving);
  const drive = (on: boolean) => {
    field.drive(on);
    session.driving.set(on);
  };
  useEffect(() => () => drive(false), [field]);
  return (
    <button type="button" id="drive" aria-pressed={driving} onClick={() => drive(!driving)}>
      Drive
    </button>
  );
}

/** What each key does, while a person drives. */
export function DriveKeys({ session }: { readonly session: SceneSession }) {
  const field = useCell(session.field);
  const driving = useCell(session.driving);
  if (!field || !driving) return null;
  return (
    <p class="keys quiet" id="keys">
      {field.keys.bindings.map(({ keys, does }) => (
        <span key={does}>
          {keys.map((code) => (
            <kbd key={code}>{nameKey(code)}</kbd>
          ))}{' '}
          {does}
        </span>
      ))}
    </p>
  );
}

interface ToggleProps {
  readonly id: string;
  readonly label: string;
  readonly about: string;
  readonly start: boolean;
  readonly set: (on: boolean) => void;
}

function Toggle({ id, label, about, start, set }: ToggleProps) {
  const [on, setOn] = useState(start);
  const flip = () => {
    set(!on);
    setOn(!on);
  };
  return (
    <button type="button" id={id} aria-pressed={on} title={about} onClick={flip}>
      {label}
    </button>
  );
}
