/** The game's scene, as the guide quotes it from there. */
export * from '../../../../demo-scenes/beacon-yard/scene.ts';
