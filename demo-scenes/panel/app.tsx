import { useEffect, useState } from 'preact/hooks';
import { Gallery } from '../gallery/gallery.tsx';
import { type DemoScene, scenes } from '../scenes.ts';
import { ProblemBox, showProblem } from './problems.tsx';
import { useRoute } from './router.ts';
import type { ScenePage } from './scene-page.tsx';

/** The page: a gallery, and a page for each of its scenes. */
export function App() {
  const route = useRoute();
  const scene = scenes.find(({ name }) => name === route);
  useEffect(() => {
    document.title = scene ? `${scene.title} – babylon-agents` : 'babylon-agents';
  }, [scene]);
  return (
    <>
      {scene ? <LazyScenePage key={scene.name} scene={scene} /> : <Gallery unknown={route} />}
      <ProblemBox />
    </>
  );
}

/** Loads the code of a scene's page, Babylon with it, when the first scene is opened. */
function LazyScenePage({ scene }: { readonly scene: DemoScene }) {
  const [page, setPage] = useState<{ readonly Page: typeof ScenePage }>();
  useEffect(() => {
    import('./scene-page.tsx').then(({ ScenePage: Page }) => setPage({ Page }), showProblem);
  }, []);
  if (!page) return <p class="loading">Loading {scene.title}…</p>;
  return <page.Page scene={scene} />;
}
