import { describeEnvironmentContract } from 'babylon-agents/testing';
import { roller } from '../src/environment.ts';

// As tests: it builds, its numbers are finite, its episodes end, and it repeats from a seed.
describeEnvironmentContract(roller);
