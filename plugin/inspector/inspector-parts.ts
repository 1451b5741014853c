import * as inspector from '@babylonjs/inspector';
import type { ComponentType } from 'react';

/** What of the package's values the pane uses, with the types that its own typings lack; see inspector-types.ts. */
interface Parts {
  readonly ShellServiceIdentity: symbol;
  readonly PropertiesServiceIdentity: symbol;
  readonly SelectionServiceIdentity: symbol;
  readonly SceneContextIdentity: symbol;
  /** one line of a section: a label and a text */
  readonly TextPropertyLine: ComponentType<{ readonly label: string; readonly value: string; readonly title?: string }>;
}

export const {
  ShellServiceIdentity,
  PropertiesServiceIdentity,
  SelectionServiceIdentity,
  SceneContextIdentity,
  TextPropertyLine,
} = inspector as unknown as Parts;
