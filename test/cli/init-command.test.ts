import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transform } from 'esbuild';
import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { createFolder as folder, runCommand } from './command.ts';

const filesOf = (at: string) =>
  readdirSync(at, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(at.length + 1))
    .sort();
const read = (...path: string[]) => readFileSync(join(...path), 'utf8');

describe('babylon-agents init', () => {
  it('makes a project in a new folder, and says the next commands', async () => {
    const cwd = folder();
    const { code, out } = await runCommand(['init', 'My Game'], { cwd });
    expect(code).toBe(0);
    expect(out.match(/^ {2}\S.*$/gm)).toEqual([
      '  cd "My Game" && npm install',
      expect.stringMatching(/^ {2}npm run train /),
      expect.stringMatching(/^ {2}npm start /),
    ]);
    expect(filesOf(join(cwd, 'My Game'))).toEqual(
      `.gitignore README.md index.html package.json src/environment.ts src/main.ts src/scene.ts src/worker.ts test/environment.test.ts tsconfig.json vite.config.ts`.split(
        ' ',
      ),
    );
    const { name, dependencies, devDependencies } = JSON.parse(read(cwd, 'My Game', 'package.json'));
    expect(name).toBe('my-game');
    expect(dependencies['babylon-agents']).toBe(`^${manifest.version}`);
    expect({ ...dependencies, ...devDependencies }).toMatchObject({
      '@babylonjs/core': manifest.devDependencies['@babylonjs/core'],
      typescript: manifest.devDependencies.typescript,
      vitest: manifest.devDependencies.vitest,
    });
  });

  it('makes the same files in JavaScript, which differ only in the names they import', async () => {
    const cwd = folder();
    await runCommand(['init', 'ts'], { cwd });
    await runCommand(['init', 'js', '--js'], { cwd });
    const typed = filesOf(join(cwd, 'ts')).filter((name) => name.endsWith('.ts'));
    const plain = filesOf(join(cwd, 'js')).filter((name) => name.endsWith('.js'));
    expect(plain).toEqual(typed.map((name) => name.replace(/ts$/, 'js')));
    expect(filesOf(join(cwd, 'js')).filter((name) => /\.ts$|^tsconfig/.test(name))).toEqual([]);
    for (const name of plain) {
      const code = read(cwd, 'js', name);
      await transform(code, { loader: 'js' }); // throws at a type
      expect(code).toBe(read(cwd, 'ts', name.replace(/js$/, 'ts')).replaceAll(".ts'", ".js'"));
    }
    expect(read(cwd, 'js', 'index.html')).toContain('src="/src/main.js"');
    expect(read(cwd, 'js', 'package.json')).not.toContain('typescript');
  });

  it('fills a folder whose files it leaves alone, and refuses one where it would replace some', async () => {
    const cwd = folder();
    writeFileSync(join(cwd, 'notes.txt'), 'mine');
    const { code, json } = await runCommand(['init', '--json'], { cwd });
    expect([code, json.folder, (json.files as unknown[]).length]).toEqual([0, '.', 11]);
    expect(read(cwd, 'notes.txt')).toBe('mine');

    const taken = folder();
    writeFileSync(join(taken, 'index.html'), 'mine');
    const refused = await runCommand(['init', taken]);
    expect(refused.code).toBe(2);
    expect(refused.err).toContain(
      `[agents] Folder "${taken}" already has index.html. Name a new folder: npx babylon-agents init my-game`,
    );
    expect(filesOf(taken)).toEqual(['index.html']);
    expect((await runCommand(['init', join(taken, 'index.html')])).err).toContain('is a file. Name a folder');
  });

  it('is named to whoever has no worker file, or one that serves nothing', async () => {
    const cwd = folder();
    writeFileSync(join(cwd, 'worker.js'), 'export const nothing = 0;');
    const init = 'npx babylon-agents init my-game';
    expect((await runCommand(['--help'], { cwd })).out).toContain(init);
    for (const args of [
      ['list', '--worker', 'nowhere.js'],
      ['train', '--worker', 'worker.js'],
    ]) {
      const { code, err } = await runCommand(args, { cwd });
      expect([code, existsSync(join(cwd, 'runs'))]).toEqual([1, false]);
      expect(err).toContain(init);
    }
  });
});
