import { create } from 'zustand';
import { usePreferences } from '../page/preferences.ts';
import { matchPhoto } from './query-actions.ts';

export interface Camera {
  id: string;
  name: string;
}

/** Why there is no picture: no camera, used by another program, not allowed by the system, or unplugged. */
export type CameraProblem = 'none' | 'busy' | 'denied' | 'lost';

/** The camera's dialog. `asking`: the person has not allowed the camera yet. */
export type CameraState =
  | { phase: 'closed' }
  | { phase: 'asking' }
  | { phase: 'starting' }
  | { phase: 'live'; stream: MediaStream; cameras: readonly Camera[]; cameraId: string | null }
  | { phase: 'failed'; problem: CameraProblem };

export const useCamera = create<CameraState>(() => ({ phase: 'closed' }));

const set = (state: CameraState): void => useCamera.setState(state, true);

/** Enough for a product, and what cameras of laptops and tills have. The camera at the back, where there are two. */
const WANTED: MediaTrackConstraints = {
  width: { ideal: 1920 },
  height: { ideal: 1080 },
  facingMode: { ideal: 'environment' },
};

/** The photos that were taken here, which can be taken again. */
const taken = new WeakSet<Blob>();

export const isTaken = (photo: Blob): boolean => taken.has(photo);

/** Opens the dialog. The person is asked once whether the camera may be used. */
export function openCamera(): void {
  if (usePreferences.getState().cameraAllowed) void start();
  else set({ phase: 'asking' });
}

export function allowCamera(): void {
  usePreferences.setState({ cameraAllowed: true });
  void start();
}

export function chooseCamera(cameraId: string): void {
  usePreferences.setState({ cameraId });
  void start();
}

/** Switches the camera off, and closes the dialog. */
export function closeCamera(): void {
  release();
  set({ phase: 'closed' });
}

/** Matches what the camera sees now. */
export async function takePhoto(video: HTMLVideoElement): Promise<void> {
  if (useCamera.getState().phase !== 'live' || video.videoWidth === 0) return;
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
  canvas.getContext('2d')?.drawImage(video, 0, 0);
  closeCamera();
  const photo = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.95 });
  taken.add(photo);
  await matchPhoto(photo, 'Photo from the camera');
}

/** Counts the starts: what an earlier one opens after a later one has begun is closed again. */
let starts = 0;

/** Shows what the camera sees, or why it does not. */
export async function start(): Promise<void> {
  release();
  const mine = ++starts;
  set({ phase: 'starting' });
  try {
    const stream = await open(usePreferences.getState().cameraId);
    const cameras = await listCameras();
    if (mine !== starts) {
      stop(stream);
      return;
    }
    const [track] = stream.getVideoTracks();
    track?.addEventListener('ended', () => {
      if (mine !== starts) return;
      release();
      set({ phase: 'failed', problem: 'lost' });
    });
    set({ phase: 'live', stream, cameras, cameraId: track?.getSettings().deviceId ?? null });
  } catch (error) {
    if (mine === starts) set({ phase: 'failed', problem: problemOf(error) });
  }
}

async function open(cameraId: string | null): Promise<MediaStream> {
  const { mediaDevices } = navigator;
  if (cameraId !== null) {
    try {
      return await mediaDevices.getUserMedia({ video: { ...WANTED, deviceId: { exact: cameraId } } });
    } catch (error) {
      // The chosen camera is not connected now: another one may be.
      if (!isNamed(error, 'OverconstrainedError', 'NotFoundError')) throw error;
    }
  }
  return mediaDevices.getUserMedia({ video: WANTED });
}

async function listCameras(): Promise<Camera[]> {
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices
    .filter(({ kind }) => kind === 'videoinput')
    .map(({ deviceId, label }, i) => ({ id: deviceId, name: label || `Camera ${i + 1}` }));
}

/** The errors of https://www.w3.org/TR/mediacapture-streams/#dom-mediadevices-getusermedia */
export function problemOf(error: unknown): CameraProblem {
  if (isNamed(error, 'NotAllowedError', 'SecurityError')) return 'denied';
  if (isNamed(error, 'NotFoundError', 'OverconstrainedError')) return 'none';
  return 'busy';
}

const isNamed = (error: unknown, ...names: string[]): boolean =>
  error instanceof DOMException || error instanceof Error ? names.includes(error.name) : false;

function release(): void {
  starts++;
  const state = useCamera.getState();
  if (state.phase === 'live') stop(state.stream);
}

function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
