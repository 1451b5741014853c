import type { IDisposable, Scene } from '@babylonjs/core/scene.js';
import type { ComponentType } from 'react';

// The part of the Inspector's services that the pane uses. The typings of @babylonjs/inspector refer to a package version
// that npm does not have, so these names are missing there or `any`.

/** Where panes are added to the Inspector's window. */
export interface ShellService {
  addSidePane(pane: SidePane): IDisposable;
}

export interface SidePane {
  readonly key: string;
  readonly title: string;
  readonly icon: ComponentType;
  readonly content: ComponentType;
  readonly horizontalLocation: 'left' | 'right';
  readonly verticalLocation: 'top' | 'bottom';
  readonly order?: number;
  /** false: no balloon that points new users to the pane */
  readonly teachingMoment?: false;
}

/** Where sections are added to the properties of the selected entity. */
export interface PropertiesService {
  addSection(section: { readonly identity: string; readonly order?: number }): IDisposable;
  addSectionContent(content: SectionContent): IDisposable;
}

export interface SectionContent {
  readonly key: string;
  readonly predicate: (entity: unknown) => boolean;
  readonly content: readonly {
    readonly section: string;
    readonly order?: number;
    readonly component: ComponentType<{ readonly context: unknown }>;
  }[];
}

/** The selection in the Inspector, by a person or by a pane. */
export interface SelectionService {
  selectedEntity: object | null;
  readonly onSelectedEntityChanged: Listenable<void>;
}

/** Which scene the Inspector shows. */
export interface SceneContext {
  readonly currentScene: Scene | null;
  readonly currentSceneObservable: Listenable<Scene | null>;
}

/** A Babylon observable that may be observed but not notified. */
export interface Listenable<T> {
  add(listener: (value: T) => void): { remove(): void };
}

/** A part of the Inspector: pass it in the `serviceDefinitions` of ShowInspector. */
export interface ServiceDefinition {
  /** display name */
  readonly friendlyName: string;
  /** the services that `factory` gets, in order */
  readonly consumes: readonly symbol[];
  /** adds it to the Inspector; disposing the result removes it */
  readonly factory: (
    shell: ShellService,
    properties: PropertiesService,
    selection: SelectionService,
    sceneContext: SceneContext,
  ) => IDisposable;
}
