import { useEffect, useState } from 'preact/hooks';
import { Gallery } from '../gallery/gallery.tsx';
import { type DemoScene, scenes } from '../scenes.ts';
import { hideProblem, ProblemBox, showProblem } from './problems.tsx';
import { useRoute } from './router.ts';
import type { ScenePage } from './scene-page.tsx';

/** The page: a gallery, and a page for each of its scenes. */
export function App() {
  const route = useRoute();
  const scene = scenes.find(({ name }) => name === route);
  useEffect(() => {
    addEventListener('hashchange', hideProblem);
    return () => removeEventListener('hashchange', hideProblem);
  }, []);
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

/** Loads the code of a scene's page, including Babylon, when the first scene is opened. */
function LazyScenePage({ scene }: { readonly scene: DemoScene }) {
  const [page, setPage] = useState<{ readonly Page: typeof ScenePage } | 'failed'>();
  useEffect(() => {
    const fail = (error: unknown) => {
      setPage('failed');
      showProblem(error);
    };
    import('./scene-page.tsx').then(({ ScenePage: Page }) => setPage({ Page }), fail);
  }, []);
  if (!page) return <p class="loading">Loading {scene.title}…</p>;
  if (page === 'failed') return <p class="loading">{scene.title} could not be loaded. Reload the page to try again.</p>;
  return <page.Page scene={scene} />;
}
