/**
 * A recording, from the microphone to the outbox. What Safari and Chrome both play comes first: AAC in MP4 where this
 * browser can write it, else Opus in WebM.
 */
const KINDS = ["audio/mp4;codecs=mp4a.40.2", "audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
/** Speech stays clear, and half a minute is 120 KB on a thin line. */
const BITS_PER_SECOND = 32_000;
/** Longer than this is a talk, not an order. */
export const MOST_S = 120;

export function kindOf(supported: (kind: string) => boolean): string | null {
  return KINDS.find(supported) ?? null;
}

export function canRecord(): boolean {
  return typeof MediaRecorder !== "undefined" && Boolean(navigator.mediaDevices?.getUserMedia) && kindOf((k) => MediaRecorder.isTypeSupported(k)) !== null;
}

/** Records until `stop`; rejects when the microphone is not allowed. */
export async function record(): Promise<{ stop(): Promise<Blob> }> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true } });
  const mimeType = kindOf((k) => MediaRecorder.isTypeSupported(k)) ?? "";
  const recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: BITS_PER_SECOND });
  const parts: Blob[] = [];
  recorder.ondataavailable = (e) => void parts.push(e.data);
  const ended = new Promise<Blob>((resolve) => {
    recorder.onstop = () => {
      for (const track of stream.getTracks()) track.stop();
      resolve(new Blob(parts, { type: mimeType.split(";")[0]! }));
    };
  });
  recorder.start();
  return {
    stop: () => {
      if (recorder.state !== "inactive") recorder.stop();
      return ended;
    },
  };
}
