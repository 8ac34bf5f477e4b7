/** The room page: what /roomline.js tells, shown. Names and all else from outside are set as text, never as markup. */
import { join, microphone, RoomlineError } from "/roomline.js";

const NAME_KEY = "roomline.name";
const TOAST_MS = 4_000;
const code = decoded(location.pathname.split("/")[2] ?? "");
const sipPort = document.querySelector("meta[name=sip-port]").content;
const $ = (id) => document.getElementById(id);

/** A code that is no valid percent-encoding stays as it is: no room will answer to it. */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

let room = null;
let preview = null; // the microphone's track before joining
let metering = null;
const dialled = new Set(); // participants whom this page called

// ---- words

const PROBLEMS = {
  insecure: ["The browser gives this page no microphone.", "It was opened without https. Open it by https, or on localhost. You can still join and listen."],
  microphone_refused: ["The microphone was not allowed.", "Allow it by the icon beside the page's address, then join again. You can also join and only listen."],
  microphone_missing: ["No microphone was found.", "Plug one in and join again. You can also join and only listen."],
  microphone_busy: ["The microphone could not be opened.", "Another program may be using it. Close that and join again, or join and only listen."],
  unknown_room: ["No room answers to this code.", "Check the code that you were given: a letter may be wrong, or the room has ended."],
  room_full: ["The room is full.", "Somebody has to leave before you can join."],
  too_fast: ["Too many wrong codes came from your network.", "Wait a little, then try again."],
  unavailable: ["The server takes nobody in at the moment.", "It is being stopped or is overloaded. Try again in a minute."],
  unreachable: ["The server cannot be reached.", "Check your network, then try again."],
};

const ENDINGS = {
  left: ["You left the room", ""],
  room_ended: ["The room was ended", "Everybody has been sent home."],
  removed: ["You were removed from the room", ""],
  connection_lost: ["The connection was lost", "The server could not be reached any more."],
  server_stopped: ["The server was stopped", "Try again in a minute."],
  no_media: ["No sound got through", "The network you are in may block the server's UDP port."],
};

/** How a call from this room ended that nobody answered. */
const UNANSWERED = {
  busy: "is busy",
  declined: "declined",
  no_answer: "did not answer",
  not_found: "does not exist",
  cancelled: "was not called any more",
  carrier_failed: "could not be reached",
  carrier_unreachable: "could not be reached",
  forbidden_by_carrier: "may not be called",
};

const KINDS = { phone: "Phone", browser: "Browser", program: "Program" };

// ---- the lobby

function showView(view) {
  document.body.dataset.view = view;
  for (const section of ["lobby", "room", "ended"]) $(section).hidden = section !== view;
  $("controls").hidden = view !== "room";
  $("quality").hidden = true;
}

function showProblem(error) {
  const reason = error instanceof RoomlineError ? error.reason : "refused";
  const [title, text] = PROBLEMS[reason] ?? ["That did not work.", error.message];
  $("problem").dataset.reason = reason;
  $("problem-title").textContent = title;
  $("problem-text").textContent = text;
  $("problem").hidden = false;
}

function setBusy(busy) {
  for (const id of ["join", "listen", "name", "check-microphone"]) $(id).disabled = busy;
  document.body.dataset.busy = busy;
}

async function enter(withMicrophone) {
  $("problem").hidden = true;
  setBusy(true);
  const name = $("name").value.trim();
  remember(name);
  try {
    const audio = withMicrophone ? (preview ?? (await microphone(true))) : false;
    if (withMicrophone) preview = audio;
    else stopPreview();
    room = await join({ code, name: name || "Guest", audio });
    showRoom();
  } catch (error) {
    if (!(error instanceof RoomlineError)) console.error(error);
    stopPreview();
    showProblem(error);
  } finally {
    setBusy(false);
  }
}

function remember(name) {
  try {
    localStorage.setItem(NAME_KEY, name);
  } catch {
    // Storage may be forbidden; then the name is asked for again.
  }
}

function remembered() {
  try {
    return localStorage.getItem(NAME_KEY) ?? "";
  } catch {
    return "";
  }
}

async function checkMicrophone() {
  try {
    preview ??= await microphone(true);
  } catch (error) {
    return showProblem(error);
  }
  $("problem").hidden = true;
  $("check-microphone").hidden = true;
  $("meter").hidden = false;
  $("meter-hint").hidden = false;
  meter(preview, (level) => {
    $("meter").style.setProperty("--level", level.toFixed(3));
    $("meter").setAttribute("aria-valuenow", String(Math.round(level * 100)));
    if (level > 0.25) $("meter-hint").textContent = "The microphone hears you.";
  });
}

function stopPreview() {
  metering?.();
  preview?.stop();
  preview = null;
  $("check-microphone").hidden = false;
  $("meter").hidden = true;
  $("meter-hint").hidden = true;
}

/** Calls back with the track's level, 0 to 1 on a scale of decibels, until the next call or stop. */
function meter(track, show) {
  metering?.();
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    show(Math.min(1, Math.max(0, 1 + (10 * Math.log10(power + 1e-12)) / 60)));
  }, 80);
  metering = () => {
    clearInterval(timer);
    context.close().catch(() => {});
    metering = null;
  };
}

// ---- the room

function showRoom() {
  metering?.();
  showView("room");
  $("room-title").textContent = room.name || code;
  document.title = `${room.name || code} · Roomline`;
  $("participants").replaceChildren();
  room.participants.forEach(putParticipant);
  $("dial-form").hidden = !room.canDial;
  showMuted(room.muted || room.listening);
  $("mute").disabled = room.listening;
  $("mute-text").textContent = room.listening ? "Listening" : room.muted ? "Unmute" : "Mute";
  $("room-title").focus();
  showConnection();
  listenToRoom();
  if (room.track) {
    meter(room.track, (level) => $("mute").firstElementChild.style.setProperty("--level", room.muted ? 0 : level.toFixed(3)));
    listDevices();
  }
  requestAnimationFrame(showLevels);
}

function listenToRoom() {
  room.on("participant", ({ change, participant, reason }) => {
    const rang = shown(participant)?.dataset.state === "ringing";
    if (change === "left") removeParticipant(participant);
    else putParticipant(participant);
    if (change === "updated" || participant.self) return;
    const gone = UNANSWERED[reason] ?? (rang ? UNANSWERED.cancelled : "left");
    announce(`${participant.name} ${change === "left" ? gone : change === "ringing" ? "is being called" : change}`);
  });
  room.on("speaking", ({ participant }) => putParticipant(participant));
  room.on("dtmf", ({ participant, digit }) => announce(`${participant.name} pressed ${digit}`));
  room.on("muted", ({ muted }) => showMuted(muted));
  for (const event of ["connected", "reconnecting", "reconnected"]) room.on(event, showConnection);
  room.on("quality", showQuality);
  room.on("blocked", () => ($("play").hidden = false));
  room.on("microphone", () => announce("The microphone is gone. Choose another one below."));
  room.on("ended", ({ reason, text }) => showEnded(reason, text));
}

/** Their line in the list. */
function shown(participant) {
  return $("participants").querySelector(`li[data-id="${CSS.escape(participant.id)}"]`);
}

function putParticipant(participant) {
  const list = $("participants");
  let item = shown(participant);
  if (!item) {
    item = $("participant-template").content.firstElementChild.cloneNode(true);
    item.dataset.id = participant.id;
    item.querySelector(".avatar").style.setProperty("--hue", hueOf(participant.id));
    list.append(item);
  }
  const kind = KINDS[participant.kind] ? participant.kind : "program";
  item.dataset.kind = kind;
  item.dataset.state = participant.state;
  item.dataset.self = participant.self;
  item.dataset.muted = participant.muted;
  item.dataset.talking = participant.talking && !participant.muted;
  item.querySelector("use").setAttribute("href", `#i-${kind}`);
  item.querySelector(".name").textContent = participant.name;
  const words = [participant.self ? "You" : KINDS[kind]];
  if (participant.state === "held") words.push("on hold");
  if (participant.state === "ringing") words.push("ringing …");
  item.querySelector(".hang-up").hidden = !dialled.has(participant.id);
  item.querySelector(".hang-up").setAttribute("aria-label", `Hang up ${participant.name}`);
  item.querySelector(".kind").textContent = words.join(" · ");
  item.querySelector(".spoken").textContent = participant.muted ? "muted" : participant.talking ? "speaking" : "";
  showCount();
}

function removeParticipant(participant) {
  shown(participant)?.remove();
  showCount();
}

function showCount() {
  const count = $("participants").childElementCount;
  $("count").textContent = count === 1 ? "Only you are here" : `${count} people are here`;
}

function showLevels() {
  if (!room || room.state === "ended") return;
  for (const [id, level] of room.levels()) {
    const item = $("participants").querySelector(`li[data-id="${CSS.escape(id)}"] .avatar`);
    item?.style.setProperty("--level", Math.min(1, level * 3).toFixed(2));
  }
  setTimeout(() => requestAnimationFrame(showLevels), 100);
}

function showMuted(muted) {
  $("mute").setAttribute("aria-pressed", String(muted));
  $("mute-text").textContent = room.listening ? "Listening" : muted ? "Unmute" : "Mute";
  $("mute-icon").setAttribute("href", room.listening ? "#i-ear" : muted ? "#i-mic-off" : "#i-mic");
}

function showConnection() {
  const words = { connecting: "Connecting the sound …", reconnecting: "The connection was interrupted. Reconnecting …" };
  document.body.dataset.connection = room.state;
  $("connection").textContent = words[room.state] ?? "";
  $("connection").hidden = !words[room.state];
}

function showQuality({ grade, rttMs, loss }) {
  $("quality").hidden = false;
  $("quality").dataset.grade = grade;
  $("quality-text").textContent = { good: "Good connection", fair: "Fair connection", poor: "Poor connection" }[grade];
  $("quality").title = `round trip ${Math.round(rttMs)} ms, ${(loss * 100).toFixed(1)} % lost`;
}

async function listDevices() {
  const devices = (await navigator.mediaDevices.enumerateDevices()).filter((device) => device.kind === "audioinput");
  const current = room.track?.getSettings?.().deviceId;
  $("device-label").hidden = devices.length < 2;
  $("device").replaceChildren(
    ...devices.map((device, index) => {
      const option = new Option(device.label || `Microphone ${index + 1}`, device.deviceId);
      option.selected = device.deviceId === current;
      return option;
    }),
  );
}

async function changeDevice() {
  try {
    const old = room.track;
    await room.setMicrophone({ deviceId: { exact: $("device").value } });
    old?.stop();
    meter(room.track, (level) => $("mute").firstElementChild.style.setProperty("--level", room.muted ? 0 : level.toFixed(3)));
  } catch (error) {
    announce(PROBLEMS[error.reason]?.[0] ?? error.message);
  }
}

function toggleMute() {
  if (!room || room.listening) return;
  room.mute(!room.muted).catch(() => {}); // without a connection it holds here all the same: the track is silent
}

async function dial() {
  const number = $("dial-number").value.trim();
  showDialProblem("");
  if (!number || !room) return;
  $("dial").disabled = true;
  try {
    const id = await room.dial(number);
    dialled.add(id);
    $("dial-number").value = "";
    room.participants.filter((participant) => participant.id === id).forEach(putParticipant);
  } catch (error) {
    showDialProblem(error.status === 422 ? "That is no telephone number. Write it with its country code: +1 555 010 0123." : error.message);
    $("dial-number").select();
  } finally {
    $("dial").disabled = false;
  }
}

/** Why nobody is called; empty: nothing is wrong. It stays until something else is typed or called. */
function showDialProblem(text) {
  $("dial-problem").textContent = text;
  $("dial-problem").hidden = !text;
  $("dial-number").setAttribute("aria-invalid", String(Boolean(text)));
}

function showEnded(reason, text) {
  const [title, words] = ENDINGS[reason] ?? ["The call has ended", text];
  stopPreview();
  showView("ended");
  $("ended").dataset.reason = reason;
  document.body.dataset.connection = "ended";
  document.title = `${title} · Roomline`;
  $("ended-title").textContent = title;
  $("ended-text").textContent = words || text;
  $("ended-text").hidden = !(words || text);
  $("ended-title").focus();
  room = null;
}

function announce(text) {
  const toast = document.createElement("p");
  toast.className = "toast";
  toast.textContent = text;
  $("announcements").append(toast);
  setTimeout(() => toast.remove(), TOAST_MS);
}

function hueOf(id) {
  let hash = 0;
  for (const character of id) hash = (hash * 31 + character.codePointAt(0)) >>> 0;
  return (hash * 137) % 360;
}

// ---- wiring

$("code").textContent = code;
$("sip").textContent = `sip:${code}@${location.hostname}${sipPort}`;
$("name").value = remembered();
$("join-form").addEventListener("submit", (event) => {
  event.preventDefault();
  enter(true);
});
$("listen").addEventListener("click", () => enter(false));
$("check-microphone").addEventListener("click", checkMicrophone);
$("dial-form").addEventListener("submit", (event) => {
  event.preventDefault();
  dial();
});
$("dial-number").addEventListener("input", () => showDialProblem(""));
$("participants").addEventListener("click", (event) => {
  const id = event.target.closest(".hang-up")?.closest("li").dataset.id;
  if (id) room?.hangUp(id).catch((error) => announce(error.message));
});
$("mute").addEventListener("click", toggleMute);
$("leave").addEventListener("click", () => room?.leave());
$("play").addEventListener("click", () => room?.play().then(() => ($("play").hidden = true), () => {}));
$("device").addEventListener("change", changeDevice);
navigator.mediaDevices?.addEventListener?.("devicechange", () => room?.track && listDevices());
$("copy-sip").addEventListener("click", async () => {
  await navigator.clipboard?.writeText($("sip").textContent).then(() => announce("Copied"), () => {});
});
$("again").addEventListener("click", () => {
  showView("lobby");
  document.title = "Join a room · Roomline";
  $("name").focus();
});
addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, select, textarea");
  if (event.key.toLowerCase() === "m" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) toggleMute();
});

if (!window.isSecureContext || !navigator.mediaDevices) {
  showProblem(new RoomlineError("insecure", ""));
  $("join").disabled = true;
  $("check").hidden = true;
  $("join").hidden = true;
  $("listen").classList.replace("secondary", "primary");
} else {
  // Who allowed the microphone before sees its level at once; nobody is asked before a click.
  navigator.permissions?.query({ name: "microphone" }).then(
    (permission) => permission.state === "granted" && !room && checkMicrophone(),
    () => {},
  );
}
if (!$("name").value) $("name").focus();
document.body.dataset.ready = "true";
