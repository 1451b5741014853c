import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine.js';
import '@babylonjs/core/Materials/standardMaterial.js';
import { CreateGround, CreateGroundFromHeightMap } from '@babylonjs/core/Meshes/Builders/groundBuilder.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { Scene } from '@babylonjs/core/scene.js';
import { defineEnvironment } from '../../../../plugin/index.ts';

const DATA =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAAAAABX3VL4AAAACXBIWXMAAAPoAAAD6AG1e1JrAAAADklEQVQImWNgMGZI+w8AAp0BmcVGOiMAAAAASUVORK5CYII=';

/** Grounds of images as a page's own script would ask for them, and what they came to: the heights of their corners in m. */
export const defineHeights = (name: string, png: string) =>
  defineEnvironment({
    name,
    maxDecisions: 8,
    loadTimeout: 20,
    createScene(engine: AbstractEngine) {
      const scene = new Scene(engine);
      const options = { width: 4, height: 4, subdivisions: 1, maxHeight: 10 };
      CreateGroundFromHeightMap('png', png, options, scene);
      CreateGroundFromHeightMap('data', DATA, options, scene);
      CreateGroundFromHeightMap('jpg', './slope.jpg', options, scene);
      CreateGround('displaced', { ...options, updatable: true }, scene).applyDisplacementMap(png, 0, 10);
      return scene;
    },
    build(area) {
      const heights = (ground: string) => {
        const positions = (area.scene.getMeshByName(ground) as Mesh).getVerticesData('position')!;
        return [1, 4, 7, 10].map((y) => Math.round(positions[y]));
      };
      const found = ['png', 'data', 'jpg', 'displaced'].map((ground) => `${ground} ${heights(ground)}`).join('; ');
      throw new Error(found); // which is all that it is asked for
    },
  });
