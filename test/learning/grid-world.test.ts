import { describeLearning } from './describe-learning.ts';

describeLearning('grid-world', { seeds: [1, 2, 3], trained: 0.95, played: 0.8 });
