// A photo is made as small as the demo needs it before it is sent. What browsers read otherwise than the server does,
// what is small, and what cannot be made smaller is sent as it is.
const SMALL = 150_000; // bytes that are sent as they are
const FIT = 500_000; // bytes of a picture that has no more pixels than the demo needs, likewise
const LOSSLESS = 400_000; // bytes up to which a drawing stays without loss
const word = (data, at) => new DataView(data.buffer).getUint32(at);
const text = (data, at, count = 4) => String.fromCharCode(...data.subarray(at, at + count));

// The kind of a file that may be reduced; "" for one that is damaged, cut off, or read otherwise by browsers.
function reducible(data) {
  if (data[0] === 0xff && data[1] === 0xd8) return isWholeJpeg(data) ? "jpeg" : "";
  if (word(data, 0) === 0x89504e47) return isPlainPng(data) ? "png" : "";
  if (text(data, 0) === "RIFF" && text(data, 8) === "WEBP") return isPlainWebp(data) ? "webp" : "";
  return "";
}

// Three or one channels of 8 bits, and its end is there.
function isWholeJpeg(data) {
  let isBegun = false;
  for (let at = 2; at < data.length - 1; ) {
    const kind = data[at + 1];
    if (data[at] !== 0xff || kind === 0xff || kind === 0 || (kind >= 0xd0 && kind <= 0xd7)) {
      at += 1; // of the picture itself
      continue;
    }
    if (kind === 0xd9) return isBegun;
    const length = (data[at + 2] << 8) | data[at + 3];
    if (kind >= 0xc0 && kind <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(kind)) {
      if (data[at + 4] !== 8 || ![1, 3].includes(data[at + 9])) return false;
    }
    isBegun ||= kind === 0xda;
    at += 2 + length;
  }
  return false;
}

// 8 bits at most, not turned, no brightness of its own, and its end is there.
function isPlainPng(data) {
  if (data[24] > 8) return false;
  for (let at = 8; at + 12 <= data.length; at += 12 + word(data, at)) {
    const kind = text(data, at + 4);
    if (["eXIf", "cICP", "gAMA", "cHRM", "acTL"].includes(kind)) return false;
    if (kind === "IEND") return true;
  }
  return false;
}

// Neither turned nor moving, and its end is there.
function isPlainWebp(data) {
  const size = new DataView(data.buffer).getUint32(4, true) + 8;
  const isExtended = text(data, 12) === "VP8X";
  return size <= data.length && !(isExtended && data[20] & 0x0a);
}

// Some browsers give noise for a canvas, against being recognised.
function isCanvasTrue() {
  const pen = Object.assign(document.createElement("canvas"), { width: 8, height: 8 }).getContext("2d");
  const { data } = pen.getImageData(0, 0, 8, 8);
  const clear = data.every((value) => value === 0);
  pen.fillStyle = "rgb(17 101 203)";
  pen.fillRect(0, 0, 8, 8);
  const filled = pen.getImageData(0, 0, 8, 8).data;
  return clear && filled.every((value, at) => value === [17, 101, 203, 255][at % 4]);
}

// Draws a picture, a frame of the camera, with no side longer than `longest` pixels.
function draw(picture, width, height, longest) {
  const scale = Math.min(1, longest / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const pen = canvas.getContext("2d", { colorSpace: "srgb" });
  pen.imageSmoothingQuality = "high";
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

const encode = (canvas, kind, quality) => new Promise((done) => canvas.toBlob(done, kind, quality));

function isTransparent(canvas) {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  for (let at = 3; at < data.length; at += 4) if (data[at] < 255) return true;
  return false;
}

// The file itself, or one with fewer pixels. longest: of a side, or none where the demo takes the whole file.
async function reduce(file, longest) {
  if (!longest || file.size <= SMALL) return file;
  let picture;
  try {
    const kind = reducible(new Uint8Array(await file.arrayBuffer()));
    if (!kind || !isCanvasTrue()) return file;
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    if (Math.max(picture.width, picture.height) <= longest && file.size <= FIT) return file;
    const canvas = draw(picture, picture.width, picture.height, longest);
    const lossless = kind === "jpeg" ? null : await encode(canvas, "image/png");
    const isKept = lossless && (lossless.size <= LOSSLESS || isTransparent(canvas));
    const small = isKept ? lossless : await encode(canvas, "image/jpeg", 0.92);
    return small && small.size < 0.8 * file.size ? small : file;
  } catch {
    return file; // the server says what is wrong with it
  } finally {
    picture?.close();
  }
}
