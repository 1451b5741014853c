import type { FieldSpec } from './fields.ts';
import type { Entry } from './form.ts';

interface FieldProps {
  readonly spec: FieldSpec;
  readonly entry: Entry;
  /** the entry that the environment's author chose */
  readonly preset: Entry;
  readonly mistake: string | undefined;
  readonly locked: boolean;
  readonly change: (name: string, entry: Entry) => void;
}

/** One setting: label, control and unit in a row, a sentence and its default below, and what is wrong with it. */
export function SettingField({ spec, entry, preset, mistake, locked, change }: FieldProps) {
  const { name, label, unit, about } = spec;
  const id = `setting-${name}`;
  return (
    <div class={entry === preset ? 'field' : 'field changed'}>
      <label for={id}>{label}</label>
      <span class="control">
        <Control {...{ spec, id, entry, locked, change }} invalid={mistake !== undefined} />
        {unit && <span class="unit">{unit}</span>}
      </span>
      <p class="about" id={`${id}-about`}>
        {about} {spec.kind !== 'json' && <span class="default">Default: {describe(preset)}</span>}
      </p>
      <p class="mistake" id={`${id}-mistake`} hidden={mistake === undefined} aria-live="polite">
        {mistake}
      </p>
    </div>
  );
}

interface ControlProps extends Pick<FieldProps, 'spec' | 'entry' | 'locked' | 'change'> {
  readonly id: string;
  readonly invalid: boolean;
}

function Control({ spec: { name, kind, choices }, id, entry, locked, invalid, change }: ControlProps) {
  const common = { id, disabled: locked, 'aria-describedby': `${id}-about ${id}-mistake` };
  if (kind === 'flag') {
    return (
      <input
        {...common}
        type="checkbox"
        checked={entry === true}
        onChange={(event) => change(name, event.currentTarget.checked)}
      />
    );
  }
  if (kind === 'choice') {
    return (
      <select {...common} value={String(entry)} onChange={(event) => change(name, event.currentTarget.value)}>
        {choices?.map((choice) => (
          <option key={choice}>{choice}</option>
        ))}
      </select>
    );
  }
  if (kind === 'json') {
    return (
      <textarea
        {...common}
        rows={3}
        spellcheck={false}
        aria-invalid={invalid}
        value={String(entry)}
        onInput={(event) => change(name, event.currentTarget.value)}
      />
    );
  }
  return (
    <input
      {...common}
      type="text"
      inputMode={kind === 'number' ? 'decimal' : 'text'}
      autocomplete="off"
      spellcheck={false}
      aria-invalid={invalid}
      value={String(entry)}
      onInput={(event) => change(name, event.currentTarget.value)}
    />
  );
}

function describe(preset: Entry): string {
  if (typeof preset === 'boolean') return preset ? 'on' : 'off';
  return preset === '' ? 'none' : preset;
}
