/** A phone camera: it sees a drawn scene at an angle, in poor light, and compresses what it saw. */
import sharp from 'sharp';
import { random } from './random.ts';

export interface Camera {
  readonly width: number;
  readonly height: number;
  /** How much smaller the right edge, and the lower edge, appear: -0.3 to 0.3. */
  readonly yaw: number;
  readonly pitch: number;
  /** Exposure and colour cast: factors for red, green and blue. */
  readonly light: readonly [red: number, green: number, blue: number];
  /** Standard deviation of the sensor noise, in 8-bit steps. */
  readonly noise: number;
  /** Blur in pixels; 0 is sharp. */
  readonly blur: number;
  /** Stored rotated, with an EXIF orientation. */
  readonly sideways?: boolean;
}

interface Raster {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
}

/** A box within a picture, in fractions of its width and height. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** The scene, drawn this much larger than the photo so that a tilted view has no empty corner. */
export const OVERSCAN = 1.2;

async function rasterise(svg: string): Promise<Raster> {
  const { data, info } = await sharp(Buffer.from(svg))
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** Projects the scene onto the sensor (RGBA, bilinear). */
function project(scene: Raster, camera: Camera): Raster {
  const { width, height, yaw, pitch } = camera;
  const out = Buffer.alloc(width * height * 4);
  for (let v = 0; v < height; v++) {
    for (let u = 0; u < width; u++) {
      const dx = (2 * u) / width - 1;
      const dy = (2 * v) / height - 1;
      const depth = 1 - yaw * dx - pitch * dy;
      const x = (dx / depth / OVERSCAN / 2 + 0.5) * scene.width;
      const y = (dy / depth / OVERSCAN / 2 + 0.5) * scene.height;
      const x0 = Math.min(Math.max(Math.floor(x), 0), scene.width - 2);
      const y0 = Math.min(Math.max(Math.floor(y), 0), scene.height - 2);
      const fx = Math.min(Math.max(x - x0, 0), 1);
      const fy = Math.min(Math.max(y - y0, 0), 1);
      const at = (y0 * scene.width + x0) * 4;
      const below = at + scene.width * 4;
      for (let c = 0; c < 4; c++) {
        const upper = (scene.data[at + c] ?? 0) * (1 - fx) + (scene.data[at + 4 + c] ?? 0) * fx;
        const lower = (scene.data[below + c] ?? 0) * (1 - fx) + (scene.data[below + 4 + c] ?? 0) * fx;
        out[(v * width + u) * 4 + c] = Math.round(upper * (1 - fy) + lower * fy);
      }
    }
  }
  return { data: out, width, height };
}

/** Exposure, cast, light falling off to one corner, and noise. */
function expose(image: Raster, camera: Camera, seed: number): void {
  const next = random(seed);
  const { data, width, height } = image;
  for (let i = 0; i < width * height; i++) {
    const dx = (2 * (i % width)) / width - 0.7;
    const dy = (2 * Math.floor(i / width)) / height - 0.7;
    const fall = 1 - 0.12 * (dx * dx + dy * dy);
    const noise = (next() + next() + next() - 1.5) * 2 * camera.noise;
    for (let c = 0; c < 3; c++) {
      const at = i * 4 + c;
      data[at] = Math.min(
        255,
        Math.max(
          0,
          Math.round((data[at] ?? 0) * fall * (camera.light[c] ?? 1) + noise + (next() - 0.5) * camera.noise),
        ),
      );
    }
  }
}

/** The photo of a scene, as a JPEG. */
export async function photo(svg: string, camera: Camera, seed: number): Promise<Buffer> {
  const seen = project(await rasterise(svg), camera);
  expose(seen, camera, seed);
  const { width, height } = seen;
  let image = sharp(seen.data, { raw: { width, height, channels: 4 } }).removeAlpha();
  if (camera.blur > 0) image = image.blur(camera.blur);
  if (camera.sideways)
    image = image
      .rotate(-90)

      .withMetadata({ orientation: 6 });
  return image.jpeg({ quality: 70, mozjpeg: true }).toBuffer();
}

/** Where in the photo the opaque part of a drawing appears. */
export async function outline(svg: string, camera: Camera): Promise<Box> {
  const seen = project(await rasterise(svg), camera);
  let [left, top, right, bottom] = [seen.width, seen.height, 0, 0];
  for (let i = 0; i < seen.width * seen.height; i++) {
    if ((seen.data[i * 4 + 3] ?? 0) < 128) continue;
    const x = i % seen.width;
    const y = Math.floor(i / seen.width);
    left = Math.min(left, x);
    right = Math.max(right, x + 1);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y + 1);
  }
  const thousandths = (value: number, whole: number) => Math.round((value / whole) * 1000);
  const [x, y] = [thousandths(left, seen.width), thousandths(top, seen.height)];
  const [w, h] = [thousandths(right, seen.width) - x, thousandths(bottom, seen.height) - y];
  return { x: x / 1000, y: y / 1000, w: w / 1000, h: h / 1000 };
}
