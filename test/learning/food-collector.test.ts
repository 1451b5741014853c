import { describeLearning } from './describe-learning.ts';

// An episode is one agent's: 10 is what each of the five gathers.
describeLearning('food-collector', { seeds: [1, 2, 3], played: 10, sampled: true });
