/** The actual kind of a file that is not an ONNX file, and what to do with it. */
export interface FileKind {
  readonly is: string;
  readonly advice: string;
}

type Kind = readonly [matches: (file: Uint8Array, name: string) => boolean, is: string, advice: string];

const UNITY = 'Import the original .onnx file; mlagents-learn writes it to its results folder';

const KINDS: readonly Kind[] = [
  [({ length }) => length === 0, 'is empty', 'Copy or export it again'],
  [begins('version https://git-lfs'), 'is a Git LFS pointer', 'Fetch the file with git lfs pull'],
  [begins('\u001f\u008b'), 'is compressed with gzip', 'Unpack it first'],
  [
    begins('PK\u0003\u0004'),
    'is a zip archive, as PyTorch (.pt, .pth) and Stable-Baselines3 (.zip) save policies',
    'Write an .onnx file with torch.onnx.export() in Python',
  ],
  [
    begins('\u0080\u0002'),
    'is a Python pickle, as PyTorch (.pt, .pth) saves policies',
    'Write an .onnx file with torch.onnx.export() in Python',
  ],
  [begins('\u0089HDF'), 'is an HDF5 file, as Keras saves policies', 'Write an .onnx file with tf2onnx in Python'],
  [begins('TFL3', 4), 'is a TensorFlow Lite file', 'Import the original .onnx file'],
  [begins('ORTM', 4), 'is in the format of ONNX Runtime (.ort)', 'Import the original .onnx file'],
  [begins('{', 8), 'is a safetensors file', 'If it is a policy, load it with loadPolicy()'],
  [isBarracuda, 'is a Barracuda model (.nn)', UNITY],
  [(_, name) => /\.nn\b/i.test(name), 'is a Barracuda model (.nn)', UNITY],
  [(_, name) => /\.sentis\b/i.test(name), 'is a Sentis model (.sentis)', UNITY],
  [begins('UnityFS'), 'is a Unity asset bundle', UNITY],
  [isPage, 'is an HTML page', 'The server probably returned its 404 or login page. Check its address'],
  [isText, 'is a text file', 'Pass the .onnx file itself'],
];

/** Recognizes other kinds of files by their first bytes, or else by their name. */
export function recognizeFile(file: Uint8Array, name: string): FileKind | undefined {
  const kind = KINDS.find(([matches]) => matches(file, name));
  return kind && { is: kind[1], advice: kind[2] };
}

/** Matches the bytes of a text, one per character. */
function begins(text: string, at = 0): (file: Uint8Array) => boolean {
  const bytes = Array.from(text, (character) => character.charCodeAt(0));
  return (file) => bytes.every((byte, i) => file[at + i] === byte);
}

/** An int64 version, the number of inputs, and the length of the first name. */
function isBarracuda(file: Uint8Array): boolean {
  if (file.length < 24) return false;
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const [version, above, inputs, letters] = [0, 4, 8, 12].map((at) => view.getInt32(at, true));
  const small = (value: number, most: number) => value > 0 && value <= most;
  return (
    small(version, 100) &&
    above === 0 &&
    small(inputs, 100) &&
    small(letters, 200) &&
    isText(file.subarray(16, 16 + Math.min(letters, 8)))
  );
}

function isPage(file: Uint8Array): boolean {
  const start = String.fromCharCode(...file.subarray(0, 64)).trimStart();
  return start.startsWith('<') && isText(file.subarray(0, 64));
}

/** Whether the first bytes are letters, digits and spaces. */
function isText(file: Uint8Array): boolean {
  return file.subarray(0, 64).every((byte) => (byte >= 0x20 && byte < 0x7f) || (byte >= 9 && byte <= 13));
}
