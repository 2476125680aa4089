// A voice note instead of typing: recorded here, heard before it is sent, sent with the report.
const KINDS = ["audio/mp4;codecs=mp4a.40.2", "audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
const BITS = 24000; // a second: speech stays clear, and half a minute is 90 KB on a thin line
const MOST_S = 120;
const $ = (id) => document.getElementById(id);

export function start({ said }) {
  const row = $("suara");
  const press = $("rekam");
  const label = press.querySelector("span");
  const begin = label.textContent;
  const player = Object.assign(document.createElement("audio"), { controls: true, hidden: true });
  const drop = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: row.dataset.drop, hidden: true });
  const told = Object.assign(document.createElement("p"), { className: "hint", hidden: true });
  let recorder = null;
  let clock = 0;
  player.setAttribute("aria-label", row.dataset.label);
  told.setAttribute("role", "status");
  row.append(player, drop, told);

  async function record() {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true } });
    const kind = KINDS.find((k) => MediaRecorder.isTypeSupported(k)) || "";
    const parts = [];
    recorder = new MediaRecorder(stream, kind ? { mimeType: kind, audioBitsPerSecond: BITS } : { audioBitsPerSecond: BITS });
    recorder.ondataavailable = (event) => parts.push(event.data);
    const ended = new Promise((done) => (said.ended = done));
    // «Kirim» in the middle of a word: what was said goes along.
    said.stop = () => (recorder && recorder.stop(), ended);
    recorder.onstop = () => {
      stream.getTracks().forEach((track) => track.stop());
      clearInterval(clock);
      shown(new Blob(parts, { type: (recorder.mimeType || kind).split(";")[0] }));
      recorder = null;
      said.stop = null;
      said.ended();
    };
    recorder.start();
    const since = Date.now();
    const tick = () => {
      const s = Math.round((Date.now() - since) / 1000);
      label.textContent = `${row.dataset.stop} · ${s} s`;
      if (s >= MOST_S && recorder) recorder.stop();
    };
    tick();
    clock = setInterval(tick, 1000);
    row.classList.add("recording");
  }

  function shown(voice) {
    said.voice = voice;
    row.classList.remove("recording");
    label.textContent = voice ? row.dataset.again : begin;
    player.hidden = drop.hidden = !voice;
    if (voice) player.src = URL.createObjectURL(voice);
    else player.removeAttribute("src");
  }

  async function pressed() {
    told.hidden = true;
    if (recorder) return recorder.stop();
    try {
      await record();
    } catch (error) {
      told.hidden = false;
      told.textContent = row.dataset.denied;
    }
  }

  press.addEventListener("click", pressed);
  drop.addEventListener("click", () => shown(null));
  document.addEventListener("hadir:emptied", () => shown(null));
  pressed();
}
