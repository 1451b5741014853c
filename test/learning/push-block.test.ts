import { describeLearning } from './describe-learning.ts';

describeLearning('push-block', { seeds: [1, 2, 3], played: 4.5, sampled: true });
