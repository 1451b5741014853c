import { useEffect, useRef, useState } from 'preact/hooks';
import { environments } from '../catalog.ts';
import { createWorker } from '../platform.ts';
import type { DemoScene } from '../scenes.ts';
import { Charts } from './charts/charts.tsx';
import { Facts } from './facts.tsx';
import { DropTarget, Keep } from './keep.tsx';
import { Lessons } from './lessons.tsx';
import { Notes } from './notes.tsx';
import { DriveKeys, PlayControls } from './play-controls.tsx';
import { Playing } from './playing.tsx';
import { showProblem } from './problems.tsx';
import { Progress } from './progress.tsx';
import { RunButtons } from './run-buttons.tsx';
import { hasRun } from './run-summary.ts';
import { type ScenePlatform, SceneSession } from './scene-session.ts';
import { SettingsForm } from './settings/settings-form.tsx';
import { ThemeToggle } from './theme-toggle.tsx';
import { TimeBar } from './time-bar.tsx';
import { useRun } from './use-run.ts';
import './scene-page.css';
import './panel.css';

interface ScenePageProps {
  readonly scene: DemoScene;
  /** defaults to the demo's own */
  readonly platform?: ScenePlatform;
}

const DEMO: ScenePlatform = { environments, createWorker };

/** A scene: the 3D view, and next to it the panel that trains it. */
export function ScenePage({ scene, platform = DEMO }: ScenePageProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [session, setSession] = useState<SceneSession>();
  useEffect(() => openSession(scene, platform, canvas.current!, setSession), [scene, platform]);
  return (
    <div class="scene-page">
      <main class="stage">
        <canvas ref={canvas} id="stage" tabIndex={0} aria-label="The scene. Drag to look around, scroll to zoom." />
        <header>
          <nav>
            <a href="#/">← All scenes</a>
          </nav>
          <ThemeToggle />
          <h1>{scene.title}</h1>
          <p class="quiet">{scene.about}</p>
          {scene.game && (
            <p>
              <a href={scene.game}>Play against it</a>
            </p>
          )}
          {session && <Playing session={session} />}
          {session && <DriveKeys session={session} />}
        </header>
        {session && <PlayControls session={session} />}
      </main>
      {session ? <Panel session={session} /> : <aside class="panel" />}
      {session && <DropTarget session={session} />}
    </div>
  );
}

/** Opens a scene on a canvas; returns a function that closes it, even before it is open. */
function openSession(
  scene: DemoScene,
  platform: ScenePlatform,
  canvas: HTMLCanvasElement,
  show: (session: SceneSession) => void,
): () => void {
  let left = false;
  let opened: SceneSession | undefined;
  const open = async () => {
    const session = await SceneSession.create(scene, platform);
    if (left) return session.dispose();
    opened = session;
    show(session);
    await session.open(canvas);
  };
  open().catch((error: unknown) => {
    if (!left) showProblem(error);
  });
  return () => {
    left = true;
    opened?.dispose();
  };
}

function Panel({ session }: { readonly session: SceneSession }) {
  const { run } = session;
  const begun = useRun(run, hasRun);
  return (
    <aside class="panel" aria-label="Training">
      <section class="head" aria-label="Run">
        <RunButtons session={session} />
        <Progress run={run} />
        <Notes run={run} />
      </section>
      {begun && <Charts run={run} />}
      {begun && <Lessons run={run} />}
      {begun && <TimeBar run={run} />}
      {!begun && <SettingsForm session={session} />}
      <Keep session={session} />
      <Facts run={run} />
      {begun && <SettingsForm session={session} />}
    </aside>
  );
}
