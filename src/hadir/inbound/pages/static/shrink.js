// A photo made smaller before it is sent: what the server shows is no larger, and a thin line carries less.
const LONGEST_SIDE = 1600; // pixels; what the server keeps for showing
const SLOW = 30000; // bytes a second; below, a photo is made small enough to arrive within a few breaths
const SLOW_PHOTO = 72 * 1024;

/** What the line carried so far, in bytes a second; Infinity when there is nothing to judge by. */
function speed() {
  const loads = performance.getEntriesByType("resource").concat(performance.getEntriesByType("navigation"));
  const told = loads.filter((load) => load.transferSize > 2000 && load.responseEnd > load.responseStart);
  if (!told.length) return Infinity;
  return Math.max.apply(null, told.map((load) => (load.transferSize / (load.responseEnd - load.responseStart)) * 1000));
}

function picture(file) {
  if (self.createImageBitmap) {
    return createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => element(file));
  }
  return element(file);
}

function element(file) {
  return new Promise((done, failed) => {
    const image = new Image();
    image.onload = () => done(image);
    image.onerror = failed;
    image.src = URL.createObjectURL(file);
  });
}

function drawn(image, canvas, longest, quality) {
  const scale = Math.min(1, longest / Math.max(image.width, image.height));
  canvas.width = Math.round(image.width * scale);
  canvas.height = Math.round(image.height * scale);
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
}

/** A photo as small as this line wants it; the canvas goes on showing it. Null: it is no picture, here or anywhere. */
export async function smaller(file, canvas) {
  const image = await picture(file).catch(() => null);
  if (!image) return null;
  let blob = await drawn(image, canvas, LONGEST_SIDE, 0.8);
  const most = speed() < SLOW ? SLOW_PHOTO : Infinity;
  for (let side = 1280; blob.size > most && side >= 480; side *= 0.8) blob = await drawn(image, canvas, side, 0.6);
  return blob;
}
