import { readFileSync } from 'node:fs';

/** Lines of a file that are neither blank nor comments. */
export function countCode(file: string): number {
  const code = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  return code.split('\n').filter((line) => !/^\s*(\/\/.*)?$/.test(line)).length;
}
