import { describeLearning } from './describe-learning.ts';

describeLearning('balance-ball-hard', { seeds: [1, 2, 3, 4, 5], played: 95 });
