import { describeLearning } from './describe-learning.ts';

describeLearning('crawler', { seeds: [1, 2, 3], played: 3000 });
