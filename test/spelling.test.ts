import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** British forms, as they begin or stand within a word; what follows in a name (`toCentre`, `COLOURS`) is found as well. */
const BRITISH =
  /(?:normal|initial|serial|summar|minim|maxim|penal|vector|general|synchron|random|organ|recogn|visual|util|final|stabil|real|capital|custom|character|categor|priorit|parallel|emphas|memor|equal)is(?:e|ed|es|er|ers|ing|ation|ations)(?![a-z])|optimis(?:e|ed|er|es|ing|ation)(?![a-z])|analyse|colour|neighbour|behaviour|favour|honour|labour(?!i)|centre|centring|catalogue|dialogue|judgement|(?:kilo|milli|centi|\b)metre|\bgrey|licence|defence|offence|chequer|\bkerb|modell(?:ed|ing)|labell(?:ed(?!by)|ing)|cancell(?:ed|ing)|travell(?:ed|er|ing)|signall(?:ed|ing)|levell(?:ed|ing)|\b(?:towards|afterwards|whilst|amongst|learnt|spelt|artefact|programme)\b/gi;

describe('spelling', () => {
  it('is American in every file that people read', () => {
    const files = execFileSync('git', ['ls-files', '-z', ...ROOMS], { encoding: 'utf8' })
      .split('\0')
      .filter(isProse);
    expect(files.length).toBeGreaterThan(300);
    expect(files.flatMap(findBritish)).toEqual([]);
  });

  it('tells British from American', () => {
    const found = (text: string): string[] => text.match(BRITISH) ?? [];
    expect(found('normalise the colours toCentre; a grey catalogue afterwards')).toEqual([
      'normalise',
      'colour',
      'Centre',
      'grey',
      'catalogue',
      'afterwards',
    ]);
    expect(
      found('normalize colors center gray catalog labelledby finalist optimistic parameter raised meters'),
    ).toEqual([]);
  });
});

const ROOMS = ['plugin', 'workers', 'demo-scenes', 'kernels', 'bench', 'scripts', 'test', 'docs', '*.md'];

function isProse(file: string): boolean {
  return /\.(ts|tsx|md|css|html|py)$/.test(file) && file !== 'test/spelling.test.ts';
}

function findBritish(file: string): string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line, i) => (line.match(BRITISH) ?? []).map((word) => `${file}:${i + 1} ${word}`));
}
