import { describeLearning } from './describe-learning.ts';

describeLearning('balance-ball', { seeds: [1, 2, 3, 4, 5], trained: 95, played: 98 });
