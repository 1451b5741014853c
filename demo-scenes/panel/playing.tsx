import { useEffect, useState } from 'preact/hooks';
import { useCell } from './cell.ts';
import { formatCount, formatFigure } from './format.ts';
import type { Playable, SceneSession, Source } from './scene-session.ts';

const UNSEEN = 'The scene cannot be displayed here. Training works without it.';

/** One sentence about what the areas play, and what their episodes return. */
export function Playing({ session }: { readonly session: SceneSession }) {
  const source = useCell(session.source);
  const playable = useCell(session.playables)[source];
  const field = useCell(session.field);
  const unseen = useCell(session.unseen);
  return (
    <p class="playing quiet">
      <span id="playing" aria-live="polite">
        {field ? describe(source, playable) : unseen ? UNSEEN : 'Building the scene…'}
      </span>
      {field && <Returns session={session} />}
    </p>
  );
}

function Returns({ session }: { readonly session: SceneSession }) {
  const field = useCell(session.field);
  const [mean, setMean] = useState<number>();
  useEffect(() => field?.onReturns((returns) => setMean(returns.mean)), [field]);
  if (mean === undefined) return null;
  return (
    <span>
      {' '}
      On display: <b id="display-return">{formatFigure(mean)}</b> an episode.
    </span>
  );
}

function describe(source: Source, playable: Playable | undefined): string {
  if (source === 'training')
    return playable ? 'Playing the latest policy of this training.' : 'Waiting for the first policy.';
  const name = source === 'file' ? playable?.name : 'the policy shipped with the scene';
  if (!playable?.record) return `Playing ${name}.`;
  const { decisions, meanReturn } = playable.record;
  const reached = meanReturn === null ? '' : `, mean return ${formatFigure(meanReturn)}`;
  return `Playing ${name}: ${formatCount(decisions)} decisions of training${reached}.`;
}
