import { describeLearning } from './describe-learning.ts';

describeLearning('wall-jump', { seeds: [1, 2, 3], played: 0.8, sampled: true });
