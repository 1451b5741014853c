/** What was asked for in this thread and is not there in training, in sentences for people. */
const losses = new Set<string>();

export function addLoss(loss: string): void {
  losses.add(loss);
}

/** What worlds that were made since it was last asked lack. */
export function takeLosses(): readonly string[] {
  const taken = [...losses];
  losses.clear();
  return taken;
}
