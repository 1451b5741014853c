import { ThemeToggle } from '../panel/theme-toggle.tsx';
import { scenes } from '../scenes.ts';
import { SceneCard } from './scene-card.tsx';
import './gallery.css';

/** Every scene as a card, and a notice if the scene in the address does not exist. */
export function Gallery({ unknown }: { readonly unknown: string }) {
  return (
    <main class="gallery">
      <header>
        <div>
          <p class="brand">babylon-agents</p>
          <h1>Agents that learn in this page</h1>
          <p class="quiet">
            Open a scene, press Train, and watch a field of agents learn. Nothing is installed, and nothing leaves your
            browser.
          </p>
          {HAS_DOCUMENTATION && (
            <p>
              <a id="documentation" href="./docs/index.html">
                Documentation
              </a>
            </p>
          )}
        </div>
        <ThemeToggle />
      </header>
      {unknown && (
        <p class="notice" role="alert">
          There is no scene “{unknown}”. <a href="#/">Back to all scenes</a>
        </p>
      )}
      <ul class="cards">
        {scenes.map((scene) => (
          <li key={scene.name}>
            <SceneCard scene={scene} />
          </li>
        ))}
      </ul>
    </main>
  );
}
