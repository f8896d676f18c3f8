import { afterEach, expect, test, vi } from 'vitest';
import { usePreferences } from '../page/preferences.ts';
import { allowCamera, type CameraProblem, closeCamera, openCamera, useCamera } from './camera.ts';

const getUserMedia = vi.fn<(asked: MediaStreamConstraints) => Promise<unknown>>();
const mediaDevices = { getUserMedia, enumerateDevices: async () => [] };
vi.stubGlobal('navigator', { mediaDevices });
afterEach(() => {
  closeCamera();
  getUserMedia.mockReset();
});

function stream() {
  const track = Object.assign(new EventTarget(), {
    stop: vi.fn(),
    getSettings: () => ({ deviceId: 'front' }),
  });
  return { track, getVideoTracks: () => [track], getTracks: () => [track] };
}

const phase = () => useCamera.getState().phase;

test('the person is asked once, and each reason why there is no picture is told apart', async () => {
  openCamera();
  expect(phase()).toBe('asking');
  expect(getUserMedia).not.toHaveBeenCalled();
  getUserMedia.mockResolvedValue(stream());
  allowCamera();
  await vi.waitFor(() => expect(phase()).toBe('live'));
  expect(getUserMedia.mock.lastCall?.[0]).not.toHaveProperty('audio');

  const problems: [string, CameraProblem][] = [
    ['NotAllowedError', 'denied'],
    ['NotFoundError', 'none'],
    ['NotReadableError', 'busy'],
    ['AbortError', 'busy'],
  ];
  for (const [name, problem] of problems) {
    getUserMedia.mockRejectedValue(new DOMException('', name));
    openCamera();
    await vi.waitFor(() => expect(useCamera.getState()).toEqual({ phase: 'failed', problem }));
  }
});

test('a chosen camera that is not connected gives way to another, and one that is unplugged is said', async () => {
  usePreferences.setState({ cameraAllowed: true, cameraId: 'gone' });
  const other = stream();
  getUserMedia.mockRejectedValueOnce(new DOMException('', 'OverconstrainedError')).mockResolvedValue(other);
  openCamera();
  await vi.waitFor(() => expect(phase()).toBe('live'));
  expect(getUserMedia).toHaveBeenCalledTimes(2);
  other.track.dispatchEvent(new Event('ended'));
  expect(useCamera.getState()).toEqual({ phase: 'failed', problem: 'lost' });
});

test('a camera that starts after the dialog was closed is switched off', async () => {
  const late = stream();
  let start = (_stream: unknown) => {};
  getUserMedia.mockReturnValue(new Promise((resolve) => (start = resolve)));
  openCamera();
  closeCamera();
  start(late);
  await vi.waitFor(() => expect(late.track.stop).toHaveBeenCalled());
  expect(phase()).toBe('closed');
});
