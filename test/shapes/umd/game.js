// snippet: top
const canvas = document.getElementById('renderCanvas') || document.body.appendChild(document.createElement('canvas'));
const engine = new BABYLON.Engine(canvas, true, { preserveDrawingBuffer: true, stencil: true });
const wide = window.innerWidth > window.innerHeight;
const inputMap = {};
let goals = 0;
// snippet end

const hud = document.createElement('div');
hud.style.position = 'absolute';
document.body.appendChild(hud);

const createScene = async () => {
  const scene = new BABYLON.Scene(engine);
  const camera = new BABYLON.ArcRotateCamera(
    'camera',
    -Math.PI / 2,
    0.6,
    wide ? 16 : 24,
    BABYLON.Vector3.Zero(),
    scene,
  );
  camera.attachControl(canvas, true);
  new BABYLON.HemisphericLight('light', new BABYLON.Vector3(0, 1, 0), scene);

  window.HK = await HavokPhysics();
  scene.enablePhysics(new BABYLON.Vector3(0, -9.81, 0), new BABYLON.HavokPlugin(true, HK));

  const ice = BABYLON.MeshBuilder.CreateGround('ice', { width: 16, height: 10 }, scene);
  new BABYLON.PhysicsAggregate(ice, BABYLON.PhysicsShapeType.BOX, { mass: 0, friction: 0.05 }, scene);
  [-1, 1].forEach((side) => {
    const long = BABYLON.MeshBuilder.CreateBox('board', { width: 16, height: 1, depth: 0.5 }, scene);
    const short = BABYLON.MeshBuilder.CreateBox('board', { width: 0.5, height: 1, depth: 10 }, scene);
    long.position.set(0, 0.5, side * 5);
    short.position.set(side * 8, 0.5, 0);
    for (const board of [long, short])
      new BABYLON.PhysicsAggregate(board, BABYLON.PhysicsShapeType.BOX, { mass: 0, restitution: 0.6 }, scene);
  });

  const goal = BABYLON.MeshBuilder.CreateDisc('goal', { radius: 1.2 }, scene);
  goal.rotation.x = Math.PI / 2;
  goal.position.set(5, 0.02, 0);

  const puck = BABYLON.MeshBuilder.CreateCylinder('puck', { diameter: 1, height: 0.4 }, scene);
  puck.position.set(-5, 0.25, 0);
  const { body } = new BABYLON.PhysicsAggregate(
    puck,
    BABYLON.PhysicsShapeType.CYLINDER,
    { mass: 1, friction: 0.05 },
    scene,
  );
  body.setLinearDamping(0.8);

  scene.actionManager = new BABYLON.ActionManager(scene);
  const remember = ({ sourceEvent }) => {
    inputMap[sourceEvent.key.toLowerCase()] = sourceEvent.type === 'keydown';
  };
  for (const trigger of [BABYLON.ActionManager.OnKeyDownTrigger, BABYLON.ActionManager.OnKeyUpTrigger])
    scene.actionManager.registerAction(new BABYLON.ExecuteCodeAction(trigger, remember));

  scene.onBeforeRenderObservable.add(() => {
    const x = (inputMap.d ? 1 : 0) - (inputMap.a ? 1 : 0);
    const z = (inputMap.w ? 1 : 0) - (inputMap.s ? 1 : 0);
    body.applyForce(new BABYLON.Vector3(8 * x, 0, 8 * z), puck.absolutePosition);
    if (BABYLON.Vector3.Distance(puck.position, goal.position) < 1.2) {
      goals++;
      hud.innerText = `Goals: ${goals}`;
      if (goals > Number(localStorage.getItem('best'))) localStorage.setItem('best', goals);
      goal.position.x = -goal.position.x;
    }
  });
  return scene;
};

// snippet: end
const made = createScene();
made.then((scene) => engine.runRenderLoop(() => scene.render()));

window.addEventListener('resize', () => engine.resize());
// snippet end
