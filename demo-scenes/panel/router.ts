import { useEffect, useState } from 'preact/hooks';

/** The scene in the address, the part after `#/`; empty for the gallery. */
export function useRoute(): string {
  const [route, setRoute] = useState(readRoute);
  useEffect(() => {
    const follow = () => setRoute(readRoute());
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return route;
}

/** The address of a scene's page, within the site. */
export function addressOf(scene: string): string {
  return `#/${scene}`;
}

function readRoute(): string {
  const text = location.hash.replace(/^#\/?/, '');
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a stray % is no scene either
  }
}
