import { jest } from '@jest/globals';

// A second try of a spec that a fault made fail only takes time.
jest.retryTimes(0);
