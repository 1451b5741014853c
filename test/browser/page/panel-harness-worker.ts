import { exposeEnvironments } from '../../../workers/index.ts';
import { environments } from './panel-harness-catalog.ts';

exposeEnvironments(environments);
