import { Camera, CameraOff } from 'lucide-react';
import { type KeyboardEvent, type RefObject, useEffect, useRef } from 'react';
import { Dialog } from '../ui/dialog.tsx';
import {
  allowCamera,
  type CameraProblem,
  type CameraState,
  chooseCamera,
  closeCamera,
  start,
  takePhoto,
  useCamera,
} from './camera.ts';
import './camera-dialog.css';

/** What the camera sees, and the shutter. */
export function CameraDialog() {
  const state = useCamera();
  const video = useRef<HTMLVideoElement>(null);
  // Space is the shutter wherever the focus is, but not in the list of cameras.
  const onKeyDown = (event: KeyboardEvent) => {
    if (state.phase !== 'live' || event.key !== ' ' || event.target instanceof HTMLSelectElement) return;
    event.preventDefault();
    if (!event.repeat && video.current) void takePhoto(video.current);
  };
  return (
    <Dialog
      open={state.phase !== 'closed'}
      onOpenChange={(open) => !open && closeCamera()}
      title="Take a photo"
      className="camera"
      onKeyDown={onKeyDown}
    >
      <CameraBody state={state} video={video} />
    </Dialog>
  );
}

interface CameraBodyProps {
  state: CameraState;
  video: RefObject<HTMLVideoElement | null>;
}

function CameraBody({ state, video }: CameraBodyProps) {
  switch (state.phase) {
    case 'closed':
      return null;
    case 'asking':
      return <Asking />;
    case 'starting':
      return (
        <div className="camera-frame">
          <p role="status">Starting the camera …</p>
        </div>
      );
    case 'live':
      return <Live {...state} video={video} />;
    case 'failed':
      return <Failed problem={state.problem} />;
  }
}

function Asking() {
  return (
    <div className="camera-frame is-words">
      <Camera aria-hidden />
      <h3>Use this computer’s camera?</h3>
      <p>
        It is on only while this is open. Nothing is sent anywhere: a photo is matched on this computer, like
        one that you drop.
      </p>
      <button type="button" className="button primary" onClick={allowCamera}>
        Use the camera
      </button>
    </div>
  );
}

const SETTINGS: Record<string, string> = {
  win32: 'Allow it in Settings, Privacy & security, Camera: “Let desktop apps access your camera”.',
  darwin: 'Allow it in System Settings, Privacy & Security, Camera.',
};

const PROBLEMS: Record<CameraProblem, { title: string; words: () => string }> = {
  none: {
    title: 'No camera was found',
    words: () => 'Connect one, and it starts by itself. Until then, drop or paste a photo.',
  },
  busy: {
    title: 'The camera does not start',
    words: () => 'Another program may be using it, such as a video call. End that, then try again.',
  },
  denied: {
    title: 'The camera is not allowed',
    words: () =>
      SETTINGS[window.lookalike.platform] ??
      'The system does not let Lookalike use it. Ask whoever set this computer up.',
  },
  lost: { title: 'The camera was disconnected', words: () => 'Connect it again, and it starts by itself.' },
};

function Failed({ problem }: { problem: CameraProblem }) {
  const { title, words } = PROBLEMS[problem];
  useEffect(() => {
    const again = () => void start();
    navigator.mediaDevices.addEventListener('devicechange', again);
    return () => navigator.mediaDevices.removeEventListener('devicechange', again);
  }, []);
  return (
    <div className="camera-frame is-words" role="alert">
      <CameraOff aria-hidden />
      <h3>{title}</h3>
      <p>{words()}</p>
      <button type="button" className="button" onClick={() => void start()}>
        Try again
      </button>
    </div>
  );
}

function Live({
  stream,
  cameras,
  cameraId,
  video,
}: Extract<CameraState, { phase: 'live' }> & Pick<CameraBodyProps, 'video'>) {
  const shutter = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (video.current) video.current.srcObject = stream;
    shutter.current?.focus();
  }, [stream, video]);
  const shoot = () => {
    if (video.current) void takePhoto(video.current);
  };
  return (
    <>
      <div className="camera-frame">
        <video ref={video} autoPlay muted playsInline aria-label="What the camera sees" />
      </div>
      <div className="camera-actions">
        {cameras.length > 1 ? (
          <select
            aria-label="Camera"
            value={cameraId ?? ''}
            onChange={({ target }) => chooseCamera(target.value)}
          >
            {cameras.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        ) : (
          <span />
        )}
        <button ref={shutter} type="button" className="button primary" onClick={shoot}>
          <Camera aria-hidden /> Take the photo <kbd>Space</kbd>
        </button>
      </div>
    </>
  );
}
