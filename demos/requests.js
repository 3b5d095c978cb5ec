// What Gradio's client asks of the server and hears from it, where its own way would fail a visitor.
const LARGEST = 30e6; // bytes of a request with several files
const send = window.fetch;
let asking = 0; // questions on their way to the server
const awaited = new Set(); // its events whose answers have not come
const early = new Set(); // those whose answers came before the page knew of them

window.fetch = (address, options) => {
  const url = address.url ?? String(address);
  const files = options?.body instanceof FormData ? options.body.getAll("files") : [];
  if (files.length > 1) return upload(address, options, files);
  if (url.includes("/queue/join")) return ask(address, options);
  if (url.includes("/queue/data")) return listen(address, options);
  return send(address, options);
};

// The client sends all files that were chosen at once in one request. Each of a few has one here, so that many
// photographs are no more to the server than one of the largest.
async function upload(address, options, files) {
  const paths = [];
  while (files.length) {
    const body = new FormData();
    for (let size = 0; files.length && (!size || size + files[0].size <= LARGEST); ) {
      const file = files.shift();
      size += file.size;
      body.append("files", file, file.name);
    }
    const answer = await send(address, { ...options, body });
    if (!answer.ok) return answer;
    paths.push(...(await answer.json()));
  }
  return Response.json(paths);
}

async function ask(address, options) {
  asking += 1;
  try {
    const answer = await send(address, options);
    const event = answer.ok && (await answer.clone().json()).event_id;
    if (event && !early.delete(event)) awaited.add(event);
    return answer;
  } finally {
    asking -= 1;
  }
}

// The server ends the stream of answers where it awaits no question. One that reaches it then would never be answered:
// the client asks for no other stream before it has heard of the end. So the stream goes on with another one.
async function listen(address, options) {
  const answer = await send(address, options);
  if (!answer.ok) return answer;
  const { readable, writable } = new TransformStream();
  const out = writable.getWriter();
  const again = () => send(address, options);
  forward(answer, again, out).then(() => out.close()).catch((error) => out.abort(error).catch(() => {}));
  return new Response(readable, answer);
}

async function forward(answer, again, out) {
  const encoder = new TextEncoder();
  for (let goesOn = true; goesOn; ) {
    goesOn = false;
    for await (const message of messages(answer)) {
      const { msg, event_id: event } = JSON.parse(message.slice("data: ".length));
      if (msg === "process_completed" && !awaited.delete(event)) early.add(event);
      goesOn = msg === "close_stream" && asking + awaited.size > 0;
      if (!goesOn) await out.write(encoder.encode(message));
    }
    if (goesOn) answer = await again();
    if (!answer.ok) throw new TypeError(`The stream of answers ended: ${answer.status}`);
  }
}

// The messages of a stream, as they came.
async function* messages(answer) {
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (let text = "", part; !(part = await reader.read()).done; ) {
      const whole = (text + part.value).split("\n\n");
      text = whole.pop();
      for (const message of whole) yield `${message}\n\n`;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
