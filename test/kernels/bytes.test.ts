import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { carry, compile, KERNELS } from '../../kernels/build.ts';

describe('npm run kernels', () => {
  it.each(KERNELS)('would write $target as it lies here', async (kernel) => {
    const file = readFileSync(new URL(`../../${kernel.target}`, import.meta.url), 'utf8');
    const rebuilt = carry(kernel, await compile(kernel.source));
    expect(rebuilt === file, 'a source changed since `npm run kernels`').toBe(true);
  });

  it('says where a kernel goes wrong', async () => {
    await expect(compile('kernels/missing.ts')).rejects.toThrow(
      /^kernels\/missing\.ts does not compile\.\n(.*\n)*.*File 'kernels\/missing\.ts' not found/,
    );
  });
});
