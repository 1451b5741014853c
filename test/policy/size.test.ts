import { describe, expect, it } from 'vitest';
import { measureSize, measureSizes } from '../../scripts/size.ts';

describe('npm run size', () => {
  it('finds that loading and running a policy, kernel included, takes at most 8 kB', async () => {
    const { runtime, play, parts } = await measureSizes();
    expect(runtime.gzip).toBeLessThanOrEqual(8192);
    expect(runtime.gzip).toBeGreaterThan(5000); // the policy and its kernel are in it
    expect(play.gzip).toBeGreaterThan(runtime.gzip);
    expect(parts.gzip).toBeGreaterThan(play.gzip);
  });

  it('counts what is imported, not its unused neighbors', async () => {
    const { gzip } = await measureSize(['Random']);
    expect(gzip).toBeLessThan(1000);
  });
});
