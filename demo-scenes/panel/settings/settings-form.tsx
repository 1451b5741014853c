import { useMemo } from 'preact/hooks';
import type { StartedEvent } from '../../../plugin/training.ts';
import { useCell } from '../cell.ts';
import { hasRun } from '../run-summary.ts';
import type { SceneSession } from '../scene-session.ts';
import { useRun } from '../use-run.ts';
import { ADVANCED, BASIC, type FieldSpec } from './fields.ts';
import { type Entries, type Entry, namesIn, parametersOf, policyEntries, settingsEntries } from './form.ts';
import { SettingField } from './setting-field.tsx';
import { useMistakes } from './use-form.ts';
import './settings.css';

/** The settings: of the run, where there is one, and otherwise for the next. */
export function SettingsForm({ session }: { readonly session: SceneSession }) {
  const preset = useCell(session.preset);
  const form = useCell(session.entries);
  const mistakes = useMistakes(session);
  const started = useRun(session.run, (state) => state.started);
  const locked = useRun(session.run, (state) => hasRun(state) || state.phase === 'opening');
  const shown = useMemo(() => (started && preset ? entriesOf(started, preset) : form), [started, preset, form]);
  if (!preset || !shown) return null;
  const wrong = Object.keys(mistakes).length;
  const change = (name: string, entry: Entry) => session.entries.set({ ...session.entries.value, [name]: entry });
  const fields = (specs: readonly FieldSpec[]) =>
    specs.map((spec) => (
      <SettingField
        key={spec.name}
        spec={spec}
        entry={shown[spec.name]}
        preset={preset[spec.name]}
        mistake={locked ? undefined : mistakes[spec.name]}
        locked={locked}
        change={change}
      />
    ));
  const parameters = namesIn(preset, 'parameters').map((name) => ({
    name: `parameters.${name}`,
    label: name,
    kind: String(preset[`parameters.${name}`]).startsWith('{') ? ('json' as const) : ('number' as const),
    about: 'What this scene is told: a number, or a sampler or lessons as JSON.',
  }));
  const policies = namesIn(preset, 'policies').map((name) => ({
    name: `policies.${name}`,
    label: name,
    kind: 'json' as const,
    about: 'What this policy alone is trained with, as JSON such as {"hidden": [64, 64]}; empty: as the others.',
  }));
  return (
    <section aria-labelledby="settings-title" class="settings" id="settings">
      <header class="section-head">
        <h2 id="settings-title">Settings</h2>
        {!locked && form !== preset && (
          <button type="button" class="plain" id="defaults" onClick={() => session.entries.set(preset)}>
            Restore defaults
          </button>
        )}
      </header>
      <p class="quiet small">
        {locked ? introOf(started !== undefined) : 'As this scene’s author trains it. Changed fields are marked.'}
      </p>
      {!locked && wrong > 0 && (
        <p class="note problem" role="status">
          {wrong === 1 ? 'One setting is' : `${wrong} settings are`} wrong, so training cannot begin.
        </p>
      )}
      {fields(BASIC)}
      <details id="advanced">
        <summary>Advanced</summary>
        {ADVANCED.map(({ title, fields: specs }) => (
          <fieldset key={title}>
            <legend>{title}</legend>
            {fields(specs)}
          </fieldset>
        ))}
        {parameters.length > 0 && (
          <fieldset>
            <legend>Scene</legend>
            {fields(parameters)}
          </fieldset>
        )}
        {policies.length > 0 && (
          <fieldset>
            <legend>Policies</legend>
            {fields(policies)}
          </fieldset>
        )}
      </details>
    </section>
  );
}

/** The form of a run, which has a field wherever that of the next run has one. */
function entriesOf({ settings, goal, policies }: StartedEvent, preset: Entries): Entries {
  const names = policies.map(({ name }) => name);
  return {
    ...settingsEntries(settings, goal, parametersOf(preset)),
    ...policyEntries(names, settings.policies),
  };
}

function introOf(known: boolean): string {
  return known
    ? 'These are the settings of this run. Reset it to begin another with other settings.'
    : 'The run has settings of its own; they are shown as soon as it resumes.';
}
