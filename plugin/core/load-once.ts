/**
 * Wraps a loader so that it runs once and all callers get the same promise. A failed load is forgotten, so the next call
 * tries again.
 */
export function loadOnce<A extends readonly unknown[], T>(
  load: (...args: A) => Promise<T>,
): (...args: A) => Promise<T> {
  let loading: Promise<T> | undefined;
  return (...args) => {
    if (loading) return loading;
    const attempt = load(...args);
    loading = attempt;
    attempt.catch(() => {
      loading = undefined;
    });
    return attempt;
  };
}
