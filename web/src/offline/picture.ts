/** A photo made small enough for one bar of signal. What the camera wrote into the file (place, time, model) goes with it. */

/** As large as the server ever shows one. */
export const LONGEST = 1600;
const QUALITY = 0.8;

export interface Made {
  bytes: Uint8Array<ArrayBuffer>;
  type: string;
  reduced: boolean;
}

/** Sides after reducing; nothing is ever made larger. */
export function fitted(width: number, height: number, longest = LONGEST): { width: number; height: number } {
  const scale = Math.min(1, longest / Math.max(width, height, 1));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** The file itself where `full` is wished, where the browser cannot read it, or where it would not get smaller. */
export async function reduce(file: Blob, full: boolean): Promise<Made> {
  const smaller = full ? null : await redraw(file).catch(() => null);
  const chosen = smaller && smaller.size < file.size ? smaller : file;
  const bytes = new Uint8Array(await chosen.arrayBuffer());
  return { bytes, type: chosen.type || "image/jpeg", reduced: chosen !== file };
}

async function redraw(file: Blob): Promise<Blob | null> {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const { width, height } = fitted(picture.width, picture.height);
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  canvas.getContext("2d")?.drawImage(picture, 0, 0, width, height);
  picture.close();
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
}
