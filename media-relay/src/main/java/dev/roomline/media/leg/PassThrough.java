package dev.roomline.media.leg;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioDecoder;
import dev.roomline.media.codec.Codecs;
import dev.roomline.media.codec.G711;
import dev.roomline.media.codec.OpusPacket;
import dev.roomline.media.dsp.Level;
import dev.roomline.media.rtcp.ReceptionStatistics;
import dev.roomline.media.rtp.RtpPacket;
import org.jspecify.annotations.Nullable;

/**
 * A phone's packets as browsers play them themselves (RFC 7874 §3: PCMU and PCMA are mandatory):
 * numbered so that they only grow, with the level that the phone does not tell, at the volume set,
 * and otherwise as they came. Sans-IO. Owner: the leg's media loop.
 */
final class PassThrough {
    /** After this long without a packet nothing sounds any more. */
    private static final long PAUSE_NANOS = 100_000_000L;

    private final StreamNumbers numbers = new StreamNumbers();
    private final TableGain gain = new TableGain();
    private final SoundPacket sound = new SoundPacket();
    private long lastNanos;
    private int clockRate;

    /** Null until G.722 or Opus comes, which it decodes. */
    private @Nullable AudioDecoder meter;

    private AudioCodec measured = AudioCodec.G722;

    /** It did not hear what was before: what it decodes next would ring with what it heard last. */
    private boolean rested;

    private final OpusPacket opus = new OpusPacket();

    private short[] pcm = new short[0];

    /** The level of a packet, −127 to 0: of G.711 by a table, else by decoding it. */
    int levelDbov(AudioCodec codec, RtpPacket packet, Codecs codecs) {
        return switch (codec) {
            case PCMU, PCMA ->
                    Level.ofMeanSquare(
                            G711.meanSquare(
                                    codec,
                                    packet.buffer(),
                                    packet.payloadOffset(),
                                    packet.payloadLength()));
            case G722, OPUS -> measure(codec, packet, codecs);
        };
    }

    private int measure(AudioCodec codec, RtpPacket packet, Codecs codecs) {
        AudioDecoder decoder = meter;
        if (decoder == null || measured != codec) {
            leaveLoop();
            decoder = codecs.openDecoder(codec);
            meter = decoder;
            measured = codec;
        } else if (rested) {
            decoder.reset();
        }
        rested = false;
        if (pcm.length == 0) {
            pcm = new short[2 * Workbench.PACKET_OCTETS];
        }
        int samples =
                decoder.decode(
                        packet.buffer(), packet.payloadOffset(), packet.payloadLength(), pcm, 0);
        return samples < 0 ? Level.SILENCE : Level.dbov(pcm, 0, samples);
    }

    /** A packet is decoded elsewhere, where its level is known from. */
    void rest() {
        rested = true;
    }

    /** Decoders belong to the loop that opened them. */
    void leaveLoop() {
        if (meter != null) {
            meter.close();
            meter = null;
        }
    }

    /** Whether packets of a codec can go now: only the volume of G.711 is changed by a table. */
    boolean canGo(AudioCodec codec) {
        return codec == AudioCodec.PCMU || codec == AudioCodec.PCMA || gain.isUnity();
    }

    void setGain(double factor) {
        gain.set(factor);
    }

    /** Whether a mute has faded it out wholly; what no table fades ends at once. */
    boolean fadedOut(AudioCodec codec) {
        return gain.isMuted() || (!canGo(codec) && gain.isToBeMuted());
    }

    /**
     * Numbers a packet of the phone, whatever it carries.
     *
     * @param verdict what its sequence number is to the stream
     * @return false if it is of none that can be told yet
     */
    boolean number(RtpPacket packet, int packetClockRate, ReceptionStatistics.Verdict verdict) {
        switch (verdict) {
            case OUT_OF_SEQUENCE -> {
                return false;
            }
            case RESTARTED -> numbers.restart();
            case VALID, PROBATION -> {
                // it goes on
            }
        }
        if (packetClockRate != clockRate) {
            clockRate = packetClockRate;
            numbers.restart();
        }
        numbers.take(packet);
        return true;
    }

    /** Sound that came before, at the volume set; it lies at 0, and is good until the next call. */
    byte[] atVolume(AudioCodec codec, byte[] payload, int length) {
        return gain.isUnity() ? payload : gain.apply(codec, payload, 0, length);
    }

    /** The packet numbered last, to be handed on; null if it carries nothing that can be. */
    @Nullable SoundPacket of(RtpPacket packet, AudioCodec codec, int levelDbov, long nowNanos) {
        int length = packet.payloadLength();
        if (length == 0 || !canGo(codec) || !isValid(codec, packet)) {
            return null;
        }
        if (nowNanos - lastNanos > PAUSE_NANOS) {
            gain.jump();
        }
        lastNanos = nowNanos;
        long timestamp = numbers.timestamp() * (MediaClock.TICKS_PER_SECOND / codec.clockRate());
        if (gain.isUnity()) {
            return sound.set(
                    codec,
                    numbers.sequence(),
                    timestamp,
                    levelDbov,
                    packet.buffer(),
                    packet.payloadOffset(),
                    length);
        }
        int level = Math.clamp(levelDbov + gain.decibels(), Level.SILENCE, 0);
        byte[] scaled = gain.apply(codec, packet.buffer(), packet.payloadOffset(), length);
        return sound.set(codec, numbers.sequence(), timestamp, level, scaled, 0, length);
    }

    private boolean isValid(AudioCodec codec, RtpPacket packet) {
        return codec != AudioCodec.OPUS
                || opus.parse(packet.buffer(), packet.payloadOffset(), packet.payloadLength());
    }
}
