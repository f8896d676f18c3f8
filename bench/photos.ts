import { loadSharp } from '../electron/engine/images/sharp-build.ts';
import { pick, seeded } from './random.ts';

/** The size that messengers on phones send and shops' websites show. */
const [WIDTH, HEIGHT] = [800, 1000];
/** The scene that photos are cropped from, and the frequencies of its noise, from folds of cloth to its weave. */
const SCENE = { width: 2400, height: 3000, octaves: [6, 24, 96, 384, 1200] } as const;
/** Gives 120 to 200 KB, like product photos of this size. */
const QUALITY = 95;

/** Photos of 800 x 1000 that all differ and have the file size of real ones. The same seed gives the same photo. */
export class PhotoSource {
  readonly #scene: Uint8Array;

  private constructor(scene: Uint8Array) {
    this.#scene = scene;
  }

  static async open(): Promise<PhotoSource> {
    return new PhotoSource(await makeScene());
  }

  async jpeg(seed: number): Promise<Uint8Array<ArrayBuffer>> {
    const random = seeded(seed);
    const part = {
      left: Math.floor(random() * (SCENE.width - WIDTH)),
      top: Math.floor(random() * (SCENE.height - HEIGHT)),
      width: WIDTH,
      height: HEIGHT,
    };
    const sharp = await loadSharp();
    const raw = { width: SCENE.width, height: SCENE.height, channels: 3 } as const;
    const jpeg = await sharp(this.#scene, { raw })
      .extract(part)
      .flop(random() < 0.5)
      .modulate({ hue: Math.floor(random() * 360), brightness: 0.8 + random() * 0.4 })
      .jpeg({ quality: QUALITY })
      .toBuffer();
    return new Uint8Array(jpeg);
  }

  /** The catalog's thumbnail of such a photo: WebP, the longest side 320 px. */
  async thumbnail(seed: number, side = 320): Promise<Uint8Array> {
    const sharp = await loadSharp();
    return sharp(await this.jpeg(seed))
      .resize(side, side, { fit: 'inside' })
      .webp({ quality: 80, effort: 0 })
      .toBuffer();
  }
}

/** Noise of several frequencies on top of each other, and shapes with sharp edges, as RGB bytes. */
async function makeScene(): Promise<Uint8Array> {
  const sharp = await loadSharp();
  const { width, height } = SCENE;
  const layers = await Promise.all(
    SCENE.octaves.map(async (size, octave) => {
      const noise = { width: size, height: Math.round((size * height) / width), channels: 3 } as const;
      return sharp(noiseBytes(noise.width * noise.height * 3, octave), { raw: noise })
        .resize(width, height, { kernel: 'cubic' })
        .raw()
        .toBuffer();
    }),
  );
  const scene = new Uint8Array(width * height * 3);
  // In natural pictures finer detail has less contrast.
  const weights = layers.map((_, octave) => 0.5 ** octave);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  for (let i = 0; i < scene.length; i++) {
    let value = 0;
    for (let l = 0; l < layers.length; l++) value += (layers[l]?.[i] ?? 0) * (weights[l] ?? 0);
    scene[i] = value / total;
  }
  drawShapes(scene);
  return scene;
}

function noiseBytes(length: number, seed: number): Uint8Array {
  const random = seeded(seed);
  return Uint8Array.from({ length }, () => random() * 256);
}

/** Translucent rectangles of plain colour over the noise: edges, as buttons, seams and shelves have. */
function drawShapes(scene: Uint8Array): void {
  const random = seeded(99);
  for (let n = 0; n < 300; n++) {
    const [left, top] = [random() * SCENE.width, random() * SCENE.height];
    const [right, bottom] = [left + 20 + random() * 300, top + 20 + random() * 300];
    const color = [random() * 255, random() * 255, random() * 255];
    const opacity = pick([0.3, 0.6, 0.9], random);
    for (let y = Math.floor(top); y < Math.min(bottom, SCENE.height); y++) {
      for (let x = Math.floor(left); x < Math.min(right, SCENE.width); x++) {
        for (let channel = 0; channel < 3; channel++) {
          const at = (y * SCENE.width + x) * 3 + channel;
          scene[at] = (scene[at] ?? 0) * (1 - opacity) + (color[channel] ?? 0) * opacity;
        }
      }
    }
  }
}
