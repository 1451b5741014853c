import type { SceneAbout } from '../about.ts';

export const about: SceneAbout = {
  title: 'Food collector',
  sentence: 'Five foragers see a map around them, collect good food, avoid bad food, and can freeze each other.',
  policies: ['food-collector.safetensors'],
  score: { unity: 'FoodCollector', benchmark: 10, bar: 10 },
};
