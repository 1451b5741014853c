import { exposeEnvironments } from '../workers/index.ts';
import { environments } from './catalog.ts';

exposeEnvironments(environments);
