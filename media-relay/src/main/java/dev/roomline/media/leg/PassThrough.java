package dev.roomline.media.leg;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioDecoder;
import dev.roomline.media.codec.Codecs;
import dev.roomline.media.codec.G711;
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

    /** Null until G.722 comes. */
    private @Nullable AudioDecoder meter;

    private short[] pcm = new short[0];

    /** Whether sound of a codec can go as it is. */
    static boolean takes(AudioCodec codec) {
        return switch (codec) {
            case PCMU, PCMA, G722 -> true;
            case OPUS -> false;
        };
    }

    /** The level of a packet, −127 to 0: of G.711 by a table, of G.722 by decoding it. */
    int levelDbov(AudioCodec codec, RtpPacket packet, Codecs codecs) {
        return switch (codec) {
            case PCMU, PCMA ->
                    Level.ofMeanSquare(
                            G711.meanSquare(
                                    codec,
                                    packet.buffer(),
                                    packet.payloadOffset(),
                                    packet.payloadLength()));
            case G722 -> measure(packet, codecs);
            case OPUS -> throw new IllegalArgumentException("Opus tells no level here");
        };
    }

    private int measure(RtpPacket packet, Codecs codecs) {
        AudioDecoder decoder = meter;
        if (decoder == null) {
            decoder = codecs.openDecoder(AudioCodec.G722);
            meter = decoder;
            pcm = new short[2 * Workbench.PACKET_OCTETS];
        }
        int samples =
                decoder.decode(
                        packet.buffer(), packet.payloadOffset(), packet.payloadLength(), pcm, 0);
        return samples < 0 ? Level.SILENCE : Level.dbov(pcm, 0, samples);
    }

    /** Decoders belong to the loop that opened them. */
    void leaveLoop() {
        if (meter != null) {
            meter.close();
            meter = null;
        }
    }

    /** Whether packets of a codec can go now: the volume of G.722 cannot be changed by a table. */
    boolean canGo(AudioCodec codec) {
        return takes(codec) && (codec != AudioCodec.G722 || gain.isUnity());
    }

    void setGain(double factor) {
        gain.set(factor);
    }

    /** Whether a mute has faded it out wholly. */
    boolean fadedOut() {
        return gain.isMuted();
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

    /** The packet numbered last, to be handed on; null if it carries nothing that can be. */
    @Nullable SoundPacket of(RtpPacket packet, AudioCodec codec, int levelDbov, long nowNanos) {
        int length = packet.payloadLength();
        if (length == 0 || !canGo(codec)) {
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
}
