import { render } from 'preact';
import { App } from './panel/app.tsx';
import { showUncaughtProblems } from './panel/problems.tsx';

showUncaughtProblems();
const host = document.getElementById('app')!;
host.replaceChildren();
render(<App />, host);
