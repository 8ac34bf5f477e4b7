/**
 * Roomline in a page: joins a room by its code, with a microphone or to listen. No dependency, no build step.
 *
 *   import { join } from "https://your-bridge/roomline.js";       // or <script type="module" src="…">, then Roomline.join
 *   const room = await join({ code: "abc-defg-hij", name: "Ada", audio: true });
 *   room.on("speaking", ({ participant, speaking }) => …);
 *   room.leave();
 *
 * One WebSocket carries the session (/v1/session), one RTCPeerConnection the sound: the microphone's line and six lines
 * that receive. The server maps who speaks onto those six, so nothing is renegotiated when people come and go.
 * Types and all events: roomline.d.ts.
 */

const RECEIVING_LINES = 6;
const PING_EVERY_MS = 2_000; // a dead Wi-Fi does not close a socket: silence tells
const SILENT_SOCKET_MS = 6_000;
const REQUEST_LIMIT_MS = 10_000;
const OPEN_LIMIT_MS = 8_000;
const MEDIA_LIMIT_MS = 20_000; // without sound for so long, restarts included, there is no point in waiting
const RESUME_LIMIT_MS = 28_000; // the server keeps a participant for 30 s
const RESTART_PATIENCE_MS = 4_000;
const QUALITY_EVERY_MS = 2_000;

/** What went wrong, as a word to switch on (`reason`) and a sentence to show (`message`). */
export class RoomlineError extends Error {
  constructor(reason, message, status = 0) {
    super(message);
    this.name = "RoomlineError";
    this.reason = reason;
    this.status = status;
  }
}

/** Joins a room; rejects with a RoomlineError. The promise is kept when the server has let us in. */
export async function join(options) {
  const { code, token, name = "", userId, audio = true, server } = options;
  if (!code && !token) throw new RoomlineError("unknown_room", "A room code is needed.");
  const ownsTrack = !(audio instanceof MediaStreamTrack || audio instanceof MediaStream);
  const track = await microphone(audio);
  const room = new Room(sessionUrl(server), track, ownsTrack);
  try {
    await room._join({ room_code: code, token, name, user_id: userId });
    return room;
  } catch (error) {
    room._abandon();
    throw error;
  }
}

/** The microphone's track; null where `audio` is false. Rejects with a reason that a page can explain. */
export async function microphone(audio = true) {
  if (audio === false) return null;
  if (audio instanceof MediaStreamTrack) return audio;
  if (audio instanceof MediaStream) return audio.getAudioTracks()[0] ?? null;
  if (!navigator.mediaDevices?.getUserMedia) {
    throw new RoomlineError("insecure", "The browser gives a microphone only to pages opened by https or on localhost.");
  }
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio });
    return stream.getAudioTracks()[0];
  } catch (error) {
    switch (error.name) {
      case "NotAllowedError":
      case "SecurityError":
        throw new RoomlineError("microphone_refused", "The microphone was not allowed.");
      case "NotFoundError":
      case "OverconstrainedError":
        throw new RoomlineError("microphone_missing", "No microphone was found.");
      default:
        throw new RoomlineError("microphone_busy", "The microphone could not be opened; another program may hold it.");
    }
  }
}

function sessionUrl(server) {
  const url = new URL("/v1/session", server ?? import.meta.url);
  url.protocol = url.protocol === "http:" ? "ws:" : "wss:";
  return url.href;
}

/** One WebSocket: requests with their answers, events, and the ping that notices a dead network. */
class Session {
  #socket;
  #waiting = new Map();
  #nextId = 1;
  #heardAt = 0;
  #timer;
  onevent = () => {};
  onlost = () => {};

  open(url) {
    return new Promise((resolve, reject) => {
      const unreachable = () => reject(new RoomlineError("unreachable", "The server cannot be reached."));
      const limit = setTimeout(() => (this.close(), unreachable()), OPEN_LIMIT_MS);
      this.#socket = new WebSocket(url);
      this.#socket.onopen = () => {
        clearTimeout(limit);
        this.#heardAt = performance.now();
        this.#timer = setInterval(() => this.#ping(), PING_EVERY_MS);
        resolve();
      };
      this.#socket.onmessage = (message) => this.#receive(message.data);
      this.#socket.onclose = () => {
        clearTimeout(limit);
        unreachable();
        this.#lost();
      };
    });
  }

  get isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  request(type, fields = {}) {
    return new Promise((resolve, reject) => {
      if (!this.isOpen) return reject(new RoomlineError("unreachable", "The server cannot be reached."));
      const id = String(this.#nextId++);
      const limit = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new RoomlineError("unreachable", "The server does not answer."));
      }, REQUEST_LIMIT_MS);
      this.#waiting.set(id, { resolve, reject, limit });
      this.#socket.send(JSON.stringify({ type, id, ...fields }));
    });
  }

  /** Asks at once whether the network still carries us. */
  probe() {
    this.#ping();
  }

  close() {
    this.onlost = () => {};
    this.#socket?.close(1000);
    this.#lost();
  }

  #ping() {
    if (performance.now() - this.#heardAt > SILENT_SOCKET_MS) {
      this.#socket.onclose = null;
      this.#socket.close();
      this.#lost();
    } else if (this.isOpen) {
      this.request("ping").catch(() => {});
    }
  }

  #receive(text) {
    this.#heardAt = performance.now();
    let message;
    try {
      message = JSON.parse(text);
    } catch {
      return;
    }
    if (message.type !== "ok" && message.type !== "error") return this.onevent(message);
    const waiting = this.#waiting.get(message.id);
    if (!waiting) return;
    this.#waiting.delete(message.id);
    clearTimeout(waiting.limit);
    if (message.type === "ok") waiting.resolve(message);
    else waiting.reject(errorOf(message));
  }

  #lost() {
    clearInterval(this.#timer);
    for (const waiting of this.#waiting.values()) {
      clearTimeout(waiting.limit);
      waiting.reject(new RoomlineError("unreachable", "The connection to the server was lost."));
    }
    this.#waiting.clear();
    const tell = this.onlost;
    this.onlost = () => {};
    tell();
  }
}

function errorOf(message) {
  const status = message.status ?? 0;
  const byStatus = { 429: "too_fast", 503: "unavailable" };
  const reason = byStatus[status] ?? (message.reason || "refused"); // unknown_room and room_full come from the server
  return new RoomlineError(reason, message.detail || message.title || "The server refused.", status);
}

class Room {
  #url;
  #session = new Session();
  #connection = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
  #uplink;
  #track;
  #ownsTrack;
  #players = [];
  #listeners = new Map();
  #people = new Map();
  #slots = {};
  #self = "";
  #may = new Set(); // what our role lets us do
  #resume = "";
  #muted = false;
  #state = "connecting";
  #restarting = false;
  #timers = [];
  #mediaLimit;
  #previous = { received: 0, lost: 0 };
  #undo = new AbortController();
  /** The server's id and name of the room. */
  id = "";
  name = "";

  constructor(url, track, ownsTrack) {
    this.#url = url;
    this.#track = track;
    this.#ownsTrack = ownsTrack;
  }

  /** connecting | connected | reconnecting | ended */
  get state() {
    return this.#state;
  }

  get self() {
    return this.#people.get(this.#self);
  }

  /** Everybody in the room, ourselves too, in the order of coming. */
  get participants() {
    return [...this.#people.values()].sort((a, b) => (a.joined_at < b.joined_at ? -1 : 1));
  }

  get muted() {
    return this.#muted;
  }

  /** Whether we came without a microphone. */
  get listening() {
    return !this.#uplink;
  }

  /** The microphone's track, to show its level; null for a listener. */
  get track() {
    return this.#track;
  }

  on(event, listener) {
    if (!this.#listeners.has(event)) this.#listeners.set(event, new Set());
    this.#listeners.get(event).add(listener);
    return () => this.off(event, listener);
  }

  off(event, listener) {
    this.#listeners.get(event)?.delete(listener);
  }

  #emit(event, detail = {}) {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) {
      try {
        listener(detail);
      } catch (error) {
        console.error(error); // a page's bug must not end the call
      }
    }
  }

  async mute(muted = true) {
    this.#muted = muted;
    if (this.#track) this.#track.enabled = !muted;
    this.#emit("muted", { muted });
    await this.#session.request("mute", { muted });
  }

  unmute() {
    return this.mute(false);
  }

  /** Another microphone, without a new negotiation: constraints or a track. */
  async setMicrophone(audio) {
    if (!this.#uplink) throw new RoomlineError("refused", "A listener joins again to speak.");
    const track = await microphone(audio);
    track.enabled = !this.#muted;
    await this.#uplink.sender.replaceTrack(track);
    if (this.#ownsTrack) this.#track?.stop();
    this.#ownsTrack = !(audio instanceof MediaStreamTrack || audio instanceof MediaStream);
    this.#track = track;
    this.#watchTrack();
  }

  sendDtmf(digits) {
    return this.#session.request("dtmf", { digits });
  }

  /** Whether our role may call numbers into the room. */
  get canDial() {
    return this.#may.has("dial");
  }

  /** Calls a number into the room, where our role may; resolves to the id of the participant that rings. */
  async dial(to, { name } = {}) {
    return (await this.#session.request("dial", { to, name })).participant;
  }

  hangUp(participant) {
    return this.#session.request("hangup", { participant });
  }

  remove(participant) {
    return this.#session.request("remove", { participant });
  }

  muteOther(participant, muted = true) {
    return this.#session.request("mute_other", { participant, muted });
  }

  /** Resumes playing where the browser wanted a click first (event `blocked`). */
  async play() {
    await Promise.all(this.#players.map((player) => player.play()));
  }

  /** How loud each participant is at this moment, 0 to 1, by what plays here. */
  levels() {
    const levels = new Map();
    for (const transceiver of this.#connection.getTransceivers()) {
      const participant = this.#slots[transceiver.mid];
      if (!participant) continue;
      const now = performance.timeOrigin + performance.now();
      const [latest] = transceiver.receiver.getSynchronizationSources();
      const fresh = latest && now - latest.timestamp < 300;
      levels.set(participant, fresh ? (latest.audioLevel ?? 0) : 0);
    }
    return levels;
  }

  async leave() {
    if (this.#state === "ended") return;
    if (this.#track) this.#track.enabled = false;
    // The server hears of it before the sound ends, or it would think that the sound was lost.
    const told = this.#session.request("leave").catch(() => {});
    await Promise.race([told, new Promise((resolve) => setTimeout(resolve, 500))]);
    this.#end("left", "");
  }

  // ---- joining

  async _join(who) {
    if (this.#track) {
      this.#uplink = this.#connection.addTransceiver(this.#track, { direction: "sendonly" });
      this.#watchTrack();
    }
    for (let line = 0; line < RECEIVING_LINES; line++) {
      this.#connection.addTransceiver("audio", { direction: "recvonly" });
    }
    this.#connection.ontrack = ({ track }) => this.#playTrack(track);
    this.#connection.onconnectionstatechange = () => this.#connectionChanged();
    this.#session.onevent = (event) => this.#handle(event);
    await this.#session.open(this.#url);
    await this.#connection.setLocalDescription(await this.#connection.createOffer());
    const answer = await this.#session.request("join", { ...who, sdp: this.#connection.localDescription.sdp });
    this.#resume = answer.resume;
    this.#session.onlost = () => this.#socketLost();
    this.#enter(answer);
    if (answer.ice_servers?.length) {
      // Candidates through TURN are gathered by the first restart, where the direct way fails.
      this.#connection.setConfiguration({ bundlePolicy: "max-bundle", iceServers: answer.ice_servers });
    }
    await this.#connection.setRemoteDescription({ type: "answer", sdp: answer.sdp });
    this.#awaitMedia();
    this.#timers.push(setInterval(() => this.#measure(), QUALITY_EVERY_MS));
    const { signal } = this.#undo;
    addEventListener("online", () => this.#networkChanged(), { signal });
    navigator.connection?.addEventListener?.("change", () => this.#networkChanged(), { signal });
    addEventListener("pagehide", (event) => event.persisted || this.leave(), { signal });
  }

  /** After a join that failed: nothing stays open. */
  _abandon() {
    this.#state = "ended";
    this.#release();
  }

  #enter(answer) {
    this.#self = answer.participant.id;
    this.#may = new Set(answer.may ?? []);
    this.id = answer.room?.id ?? this.id;
    this.name = answer.room?.name ?? this.name;
    const known = new Set([this.#self, ...(answer.participants ?? []).map((person) => person.id)]);
    for (const id of [...this.#people.keys()]) if (!known.has(id)) this.#remove(id, "");
    for (const person of answer.participants ?? []) this.#put(person);
    this.#put(answer.participant);
  }

  #playTrack(track) {
    const player = new Audio();
    player.srcObject = new MediaStream([track]);
    player.autoplay = true;
    document.body.append(player); // Safari plays only what the document holds
    this.#players.push(player);
    player.play().catch((error) => error.name === "NotAllowedError" && this.#emit("blocked"));
  }

  #watchTrack() {
    this.#track.addEventListener("ended", () => this.#emit("microphone", { lost: true }));
  }

  // ---- what the server tells

  #handle(event) {
    switch (event.type) {
      case "participant.ringing":
      case "participant.joined":
        return this.#put(event.participant);
      case "participant.updated":
        return this.#put(event.participant);
      case "participant.talking":
        return this.#talking(event.participant);
      case "participant.left":
        if (event.participant.id === this.#self) return this.#end(event.data?.reason || "removed", "");
        return this.#remove(event.participant.id, event.data?.reason ?? "");
      case "slots":
        this.#slots = event.slots ?? event.data?.slots ?? {};
        return;
      case "dtmf.received":
        return this.#emit("dtmf", { participant: event.participant, digit: event.data?.digit ?? "" });
      case "room.ended":
        return this.#end("room_ended", "");
    }
  }

  #put(person) {
    const before = this.#people.get(person.id);
    const now = { ...person, self: person.id === this.#self };
    this.#people.set(person.id, now);
    const came = !before || (before.state === "ringing" && now.state !== "ringing");
    const change = now.state === "ringing" && !before ? "ringing" : came ? "joined" : "updated";
    this.#emit("participant", { change, participant: now });
    if (now.self && now.muted && !this.#muted) {
      // A moderator or our role mutes us; nobody but we ourselves opens our microphone again.
      this.#muted = true;
      if (this.#track) this.#track.enabled = false;
      this.#emit("muted", { muted: true });
    }
  }

  #talking(person) {
    const known = this.#people.get(person.id);
    if (!known) return this.#put(person);
    known.talking = person.talking;
    this.#emit("speaking", { participant: known, speaking: known.talking });
  }

  #remove(id, reason) {
    const participant = this.#people.get(id);
    if (participant && this.#people.delete(id)) this.#emit("participant", { change: "left", participant, reason });
  }

  // ---- staying connected

  #become(state) {
    if (this.#state === state || this.#state === "ended") return;
    const before = this.#state;
    this.#state = state;
    if (state === "reconnecting") this.#emit("reconnecting");
    if (state === "connected") this.#emit(before === "reconnecting" ? "reconnected" : "connected");
  }

  #connectionChanged() {
    switch (this.#connection.connectionState) {
      case "connected":
        clearTimeout(this.#mediaLimit);
        if (this.#session.isOpen) this.#become("connected");
        return;
      case "disconnected":
      case "failed":
        // "failed" comes many seconds later, and by then people have hung up.
        if (this.#state === "ended") return;
        if (this.#state === "connected") this.#become("reconnecting");
        this.#awaitMedia();
        this.#restartIce();
    }
  }

  #awaitMedia() {
    clearTimeout(this.#mediaLimit);
    this.#mediaLimit = setTimeout(() => {
      if (this.#connection.connectionState === "connected" || !this.#session.isOpen) return;
      this.#session.request("leave").catch(() => {});
      this.#end("no_media", "No sound could be sent or received: the network may block the server's UDP port.");
    }, MEDIA_LIMIT_MS);
  }

  async #restartIce() {
    if (this.#restarting || !this.#session.isOpen || this.#state === "ended") return;
    this.#restarting = true;
    try {
      await this.#connection.setLocalDescription(await this.#connection.createOffer({ iceRestart: true }));
      const answer = await this.#session.request("offer", { sdp: this.#connection.localDescription.sdp });
      await this.#connection.setRemoteDescription({ type: "answer", sdp: answer.sdp });
    } catch (error) {
      if (this.#connection.signalingState === "have-local-offer") {
        await this.#connection.setLocalDescription({ type: "rollback" }).catch(() => {});
      }
      if (error.reason !== "unreachable") console.warn("Roomline: ICE restart", error);
    }
    setTimeout(() => {
      this.#restarting = false;
      const { connectionState } = this.#connection;
      if (connectionState === "disconnected" || connectionState === "failed") this.#restartIce();
    }, RESTART_PATIENCE_MS);
  }

  #networkChanged() {
    if (this.#state === "ended") return;
    this.#session.probe();
    this.#restartIce();
  }

  async #socketLost() {
    if (this.#state === "ended") return;
    this.#become("reconnecting");
    const until = performance.now() + RESUME_LIMIT_MS;
    for (let wait = 250; performance.now() < until; wait = Math.min(2 * wait, 4_000)) {
      await new Promise((resolve) => setTimeout(resolve, wait * (0.75 + Math.random() / 2)));
      if (this.#state === "ended") return;
      const session = new Session();
      try {
        session.onevent = (event) => this.#handle(event);
        await session.open(this.#url);
        this.#session = session;
        this.#enter(await session.request("resume", { resume: this.#resume }));
        session.onlost = () => this.#socketLost();
        await this.#resumed();
        return;
      } catch (error) {
        session.close();
        if (error.reason !== "unreachable" && error.reason !== "unavailable") break; // the server forgot us
      }
    }
    this.#end("connection_lost", "The connection to the server was lost.");
  }

  async #resumed() {
    if (this.#connection.connectionState === "connected") return this.#become("connected");
    this.#restarting = false;
    this.#awaitMedia();
    await this.#restartIce();
  }

  async #measure() {
    if (this.#connection.connectionState !== "connected") return;
    let rttMs = 0;
    let jitterMs = 0;
    let received = 0;
    let lost = 0;
    for (const report of (await this.#connection.getStats()).values()) {
      if (report.type === "candidate-pair" && report.nominated && report.currentRoundTripTime !== undefined) {
        rttMs = report.currentRoundTripTime * 1000;
      } else if (report.type === "inbound-rtp") {
        received += report.packetsReceived ?? 0;
        lost += Math.max(0, report.packetsLost ?? 0);
        jitterMs = Math.max(jitterMs, (report.jitter ?? 0) * 1000);
      }
    }
    const newlyReceived = received - this.#previous.received;
    const newlyLost = Math.max(0, lost - this.#previous.lost);
    this.#previous = { received, lost };
    const loss = newlyLost === 0 ? 0 : newlyLost / (newlyLost + newlyReceived);
    const grade =
      loss > 0.05 || rttMs > 500 || jitterMs > 80 ? "poor" : loss > 0.01 || rttMs > 250 || jitterMs > 40 ? "fair" : "good";
    this.#emit("quality", { grade, rttMs, jitterMs, loss });
  }

  #end(reason, text) {
    if (this.#state === "ended") return;
    this.#state = "ended";
    this.#release();
    this.#emit("ended", { reason, text });
  }

  #release() {
    this.#undo.abort();
    this.#timers.forEach((timer) => clearInterval(timer));
    clearTimeout(this.#mediaLimit);
    this.#session.close();
    this.#connection.close();
    if (this.#ownsTrack) this.#track?.stop();
    for (const player of this.#players) {
      player.srcObject = null;
      player.remove();
    }
  }
}

globalThis.Roomline = Object.freeze({ join, microphone, RoomlineError });
