import { useCell } from '../panel/cell.ts';
import { formatCount, formatFigure } from '../panel/format.ts';
import { addressOf } from '../panel/router.ts';
import { theme } from '../panel/theme.ts';
import type { DemoScene } from '../scenes.ts';

/** A scene's picture, what it is about, and what training reached with its shipped policy. */
export function SceneCard({ scene: { name, title, about, pictures, record, game } }: { readonly scene: DemoScene }) {
  const picture = pictures[useCell(theme)];
  return (
    <a class="card" href={addressOf(name)}>
      <img src={picture} alt="" width={960} height={600} />
      <span class="card-text">
        <strong>{title}</strong>
        <span>{about}</span>
        {record && (
          <span class="quiet">
            Learned in {formatCount(record.decisions)} decisions
            {game ? ', against itself' : `: mean return ${formatFigure(record.meanReturn)}`}
          </span>
        )}
      </span>
    </a>
  );
}
