// The camera: the lens at the back if there is one, not mirrored, off as soon as nobody looks.
const NO_CAMERA = {
  NotAllowedError: "The camera is blocked: allow it for this page beside the address, then try again, or choose a file.",
  NotFoundError: "No camera was found: connect one, or choose a file.",
  NotReadableError: "Another program uses the camera: close it there, then try again.",
};
const INSECURE = "The camera works only on a page with https: open this page so, or choose a file.";
const LENT = "The camera has gone: connect it and try again, or choose a file.";
const SILENT = "No answer came: Live is off. Try it again, or take a photo.";
const FAILED = "That went wrong: Live is off. Try it again, or take a photo.";
const BUSY_MS = 1000; // until a busy page is asked again
const PATIENCE = 20_000; // milliseconds without an answer after which Live ends
let stream = null;
let asked = 0; // which request for the camera is in force
let live = null; // the timer of what Live waits for

async function openCamera(video_ = props.camera.video) {
  closeCamera();
  const mine = ++asked;
  if (!navigator.mediaDevices?.getUserMedia) return say(INSECURE);
  for (const other of shared.pictures) if (other.element !== element) other.closeCamera();
  busy("Asking for the camera");
  try {
    const size = { width: { ideal: 1920 }, height: { ideal: 1080 } };
    const given = await navigator.mediaDevices.getUserMedia({ audio: false, video: { ...size, ...video_ } });
    if (mine !== asked || !isSeen()) {
      given.getTracks().forEach((track) => track.stop());
      return;
    }
    stream = given;
    for (const track of stream.getTracks()) track.addEventListener("ended", () => (closeCamera(), say(LENT)));
    video.srcObject = stream;
    await video.play();
    if (mine !== asked) return;
    say("");
    box.classList.add("filming");
    fit();
    one("[data-do=take]").focus({ preventScroll: true });
    const lenses = (await navigator.mediaDevices.enumerateDevices()).filter((one) => one.kind === "videoinput");
    one("[data-do=turn]").hidden = lenses.length < 2;
  } catch (error) {
    if (mine !== asked) return;
    closeCamera();
    say(NO_CAMERA[error.name] ?? (error.name === "OverconstrainedError" ? NO_CAMERA.NotFoundError : NO_CAMERA.NotReadableError));
  }
}

function closeCamera() {
  asked += 1;
  if (said.classList.contains("busy")) say("");
  stopLive();
  stream?.getTracks().forEach((track) => track.stop());
  stream = video.srcObject = null;
  if (!box.classList.contains("filming")) return;
  const hadFocus = element.contains(document.activeElement);
  box.classList.remove("filming");
  fit();
  if (hadFocus) one("[data-do=camera]").focus({ preventScroll: true });
}

async function turnCamera() {
  const lenses = (await navigator.mediaDevices.enumerateDevices()).filter((one) => one.kind === "videoinput");
  const now = stream?.getVideoTracks()[0]?.getSettings().deviceId;
  const next = lenses[(lenses.findIndex((one) => one.deviceId === now) + 1) % lenses.length];
  if (next) await openCamera({ deviceId: { exact: next.deviceId } });
}

async function takePhoto() {
  if (!video.videoWidth) return;
  const canvas = draw(video, video.videoWidth, video.videoHeight, props.longest ?? Infinity);
  closeCamera();
  const photo = await encode(canvas, "image/jpeg", 0.95);
  if (photo) give(new File([photo], "photo.jpg", { type: "image/jpeg" }));
}

// Live: the next frame is sent when the last answer is there.
function startLive() {
  one("[role=switch]").checked = true;
  document.querySelectorAll(".toast-body.error .toast-close").forEach((button) => button.click());
  sendFrame();
}

function stopLive() {
  clearTimeout(live);
  live = null;
  one("[role=switch]").checked = false;
}

function sendFrame() {
  if (!stream || !one("[role=switch]").checked) return;
  const url = draw(video, video.videoWidth, video.videoHeight, props.live).toDataURL("image/jpeg", 0.6);
  clearTimeout(live);
  live = setTimeout(() => (stopLive(), say(SILENT)), PATIENCE);
  said.textContent = "";
  turn += 1;
  show(url);
  settle(url);
  set({ path: null, url, orig_name: "live.jpg", meta: META, is_stream: true }, "", false);
}
