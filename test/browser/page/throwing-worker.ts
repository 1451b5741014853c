throw new Error('wasm missing.');
