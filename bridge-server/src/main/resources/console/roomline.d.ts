/** Types of /roomline.js: join a Roomline room from any page. */

export interface JoinOptions {
  /** The room code, `abc-defg-hij`. */
  code?: string;
  /** A join token instead of a code. */
  token?: string;
  /** What others see. */
  name?: string;
  /** Your application's id of this person. */
  userId?: string;
  /** The microphone: `true` (default), constraints, a track or stream of your own, or `false` to listen only. */
  audio?: boolean | MediaTrackConstraints | MediaStreamTrack | MediaStream;
  /** The bridge's address; default: where roomline.js came from. */
  server?: string;
}

export interface Participant {
  id: string;
  name: string;
  user_id: string;
  kind: "phone" | "browser" | "program";
  role: string;
  state: "ringing" | "joined" | "held" | "left";
  muted: boolean;
  talking: boolean;
  /** RFC 3339, UTC. */
  joined_at: string;
  attributes: Record<string, string>;
  /** Whether it is this page. */
  self: boolean;
}

export type Reason =
  | "unknown_room" | "room_full" | "too_fast" | "unavailable" | "unreachable" | "refused"
  | "insecure" | "microphone_refused" | "microphone_missing" | "microphone_busy";

export class RoomlineError extends Error {
  readonly reason: Reason | string;
  /** The HTTP status that the refusal corresponds to; 0 where the server did not speak. */
  readonly status: number;
}

export interface Events {
  /** `ringing`: is being called; then `joined`, or `left` with the reason of the API's table. */
  participant: { change: "ringing" | "joined" | "updated" | "left"; participant: Participant; reason?: string };
  speaking: { participant: Participant; speaking: boolean };
  dtmf: { participant: Participant; digit: string };
  /** Our own mute state changed, by us or by a moderator. */
  muted: { muted: boolean };
  /** Our own connection, every two seconds; `loss` is a share of 0 to 1. */
  quality: { grade: "good" | "fair" | "poor"; rttMs: number; jitterMs: number; loss: number };
  connected: {};
  reconnecting: {};
  reconnected: {};
  /** The microphone was unplugged or taken away. */
  microphone: { lost: true };
  /** The browser plays no sound before a click: call `play()` in one. */
  blocked: {};
  /** `left`, `removed`, `room_ended`, `connection_lost`, `no_media`, or a reason of the API's table. */
  ended: { reason: string; text: string };
}

export interface Room {
  readonly id: string;
  readonly name: string;
  readonly state: "connecting" | "connected" | "reconnecting" | "ended";
  readonly self: Participant;
  readonly participants: Participant[];
  readonly muted: boolean;
  readonly listening: boolean;
  readonly track: MediaStreamTrack | null;
  /** Returns a function that takes the listener off again. */
  on<E extends keyof Events>(event: E, listener: (detail: Events[E]) => void): () => void;
  off<E extends keyof Events>(event: E, listener: (detail: Events[E]) => void): void;
  mute(muted?: boolean): Promise<void>;
  unmute(): Promise<void>;
  setMicrophone(audio: true | MediaTrackConstraints | MediaStreamTrack | MediaStream): Promise<void>;
  /** How loud each participant is now, 0 to 1, by participant id. */
  levels(): Map<string, number>;
  sendDtmf(digits: string): Promise<unknown>;
  /** Whether our role may call numbers into the room. */
  readonly canDial: boolean;
  /** Resolves to the id of the participant that rings. */
  dial(to: string, options?: { name?: string }): Promise<string>;
  hangUp(participant: string): Promise<unknown>;
  remove(participant: string): Promise<unknown>;
  muteOther(participant: string, muted?: boolean): Promise<unknown>;
  play(): Promise<void>;
  leave(): Promise<void>;
}

export function join(options: JoinOptions): Promise<Room>;
/** Opens the microphone alone, to show its level before joining; `null` for `false`. */
export function microphone(audio?: JoinOptions["audio"]): Promise<MediaStreamTrack | null>;

declare global {
  var Roomline: Readonly<{ join: typeof join; microphone: typeof microphone; RoomlineError: typeof RoomlineError }>;
}
