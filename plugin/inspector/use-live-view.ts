import { type RefObject, useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { AgentsView, AgentsWatch } from './agents-watch.ts';

/** The newest view of a watch, followed only while the element that `root` refers to can be seen. */
export function useLiveView(watch: AgentsWatch): {
  readonly view: AgentsView;
  readonly root: RefObject<HTMLDivElement | null>;
} {
  const root = useRef<HTMLDivElement>(null);
  const visible = useVisible(root);
  const subscribe = useCallback(
    (listener: () => void) => (visible ? watch.subscribe(listener) : () => {}),
    [watch, visible],
  );
  return { view: useSyncExternalStore(subscribe, () => watch.view), root };
}

function useVisible(root: RefObject<HTMLElement | null>): boolean {
  const [visible, setVisible] = useState(false);
  useEffect(() => {
    const element = root.current;
    const view = element?.ownerDocument.defaultView; // a pane may have been moved to a window of its own
    if (!element || !view) return;
    const observer = new view.IntersectionObserver((entries) => setVisible(entries[entries.length - 1].isIntersecting));
    observer.observe(element);
    return () => observer.disconnect();
  }, [root]);
  return visible;
}
