import { describe } from 'vitest';
import { itPlaysAsEvaluated, serveShapes } from '../browser/shape-page.ts';
import { useSite } from '../browser/use-site.ts';
import { SHAPES } from '../shapes/catalog.ts';

const visit = useSite(serveShapes, { webgpu: false });

describe.each(Object.keys(SHAPES))('the game "%s", in a page', (name) => {
  itPlaysAsEvaluated(visit, name, 50);
});
