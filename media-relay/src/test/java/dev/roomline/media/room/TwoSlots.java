package dev.roomline.media.room;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.leg.SoundPacket;
import java.util.ArrayList;
import java.util.List;

/** A browser's two slots in virtual time, and who speaks into them. */
abstract class TwoSlots {
    /** SILK, narrow: configuration 1 (RFC 6716 §3.1). */
    static final byte[] OPUS_OF_20_MILLIS = new byte[60];

    static {
        OPUS_OF_20_MILLIS[0] = 1 << 3;
    }

    static final long MILLI = 1_000_000L;

    record Sent(
            int slot,
            boolean marker,
            int sequence,
            long timestamp,
            int source,
            AudioCodec codec,
            int length,
            long atMillis) {}

    final List<Sent> sent = new ArrayList<>();

    final SlotForwarder slots = new SlotForwarder(new int[] {100, 65_534}, this::send);

    long nowMillis = 10_000;

    int speech;

    void send(
            int slot, boolean marker, int sequence, long timestamp, int source, SoundPacket sound) {
        speech += sound.levelDbov() > -127 ? 1 : 0;
        sent.add(
                new Sent(
                        slot,
                        marker,
                        sequence,
                        timestamp,
                        source,
                        sound.codec(),
                        sound.length(),
                        nowMillis));
    }

    /** A browser that speaks: 20 ms of Opus at a time, with a clock of its own. */
    final class Speaker {
        final int id;
        final SourceClock clock = new SourceClock();
        long sequence;
        long timestamp;

        Speaker(int id, long sequence, long timestamp) {
            this.id = id;
            this.sequence = sequence;
            this.timestamp = timestamp;
        }

        SlotForwarder.Verdict says(long delayMillis, double loudness) {
            sequence++;
            timestamp += 960;
            return again(delayMillis, loudness);
        }

        SlotForwarder.Verdict says() {
            return says(0, -30);
        }

        SlotForwarder.Verdict again(long delayMillis, double loudness) {
            return at(sequence, timestamp, delayMillis, loudness);
        }

        SlotForwarder.Verdict at(
                long oldSequence, long oldTimestamp, long delayMillis, double loudness) {
            long now = (nowMillis + delayMillis) * MILLI;
            clock.onPacket(oldTimestamp, now);
            return slots.offer(
                    id,
                    clock,
                    AudioCodec.OPUS,
                    AudioCodec.OPUS,
                    loudness,
                    new SoundPacket()
                            .set(
                                    AudioCodec.OPUS,
                                    oldSequence,
                                    oldTimestamp,
                                    -30,
                                    OPUS_OF_20_MILLIS,
                                    0,
                                    OPUS_OF_20_MILLIS.length),
                    now);
        }

        void loses(int packets) {
            sequence += packets;
            timestamp += 960L * packets;
            nowMillis += 20L * packets;
        }

        void isSilentFor(long millis) {
            timestamp += 48 * millis;
            nowMillis += millis;
        }
    }

    void tick() {
        nowMillis += 20;
    }

    Sent last() {
        return sent.getLast();
    }
}
