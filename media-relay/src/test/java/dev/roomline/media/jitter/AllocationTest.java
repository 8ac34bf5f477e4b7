package dev.roomline.media.jitter;

import static dev.roomline.media.measure.AllocatedOctets.perTurn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioDecoder;
import dev.roomline.media.codec.AudioEncoder;
import dev.roomline.media.codec.Codecs;
import dev.roomline.media.codec.OpusEncoder;
import dev.roomline.media.codec.OpusSettings;
import dev.roomline.media.dsp.Mix;
import dev.roomline.media.dsp.Resampler;
import dev.roomline.media.dsp.SoftLimiter;
import dev.roomline.media.dsp.Tone;
import dev.roomline.media.rtp.RtpPacket;
import dev.roomline.media.rtp.RtpWriter;
import org.junit.jupiter.api.Test;

/** Nothing on a packet's road may allocate, or a full machine spends its time collecting. */
class AllocationTest {
    private static final long MILLI = 1_000_000L;
    private final Codecs codecs = Codecs.load();
    private final short[] wide = new short[320];
    private final short[] narrow = new short[160];
    private final byte[] packet = new byte[1_500];

    @Test
    void receivingConcealingMixingAndSendingG711AllocatesNothing() {
        AudioEncoder encoder = codecs.openG711Encoder(AudioCodec.PCMU);
        JitterBuffer buffer =
                new JitterBuffer(AudioCodec.PCMU, codecs.openDecoder(AudioCodec.PCMU));
        Tone tone = new Tone(440, 8_000, -15);
        RtpPacket view = new RtpPacket();
        RtpWriter writer = new RtpWriter();
        Resampler resampler = new Resampler();
        int[] sum = new int[Resampler.NARROW];
        int[] wideSum = new int[Resampler.WIDE_MEMORY + Resampler.WIDE];

        double octets =
                perTurn(
                        100_000,
                        i -> {
                            long now = i * 20L * MILLI;
                            tone.generate(narrow, 0, 160);
                            int at =
                                    writer.start(packet, 0, false, 0, i, i * 160, 7)
                                            .audioLevel(1, true, -20)
                                            .end();
                            int end = at + encoder.encode(narrow, 0, 160, packet, at);
                            // every seventh is lost, every fifth late, so all paths are walked
                            if (i % 7 != 0 && view.wrap(packet, 0, end) == null) {
                                buffer.insert(
                                        view.ssrc(),
                                        view.sequence(),
                                        view.timestamp(),
                                        false,
                                        packet,
                                        view.payloadOffset(),
                                        view.payloadLength(),
                                        now + (i % 5 == 0 ? 15 * MILLI : 0));
                            }
                            buffer.pull(now + 16 * MILLI, narrow);
                            Mix.clear(sum, 160);
                            Mix.add(sum, narrow, 0, 160);
                            Mix.add(sum, narrow, 0, 160, 0.5f);
                            resampler.addHalved(wideSum, sum);
                            SoftLimiter.limit(sum, 160, narrow, 0);
                        });

        assertThat(buffer.report().concealedSamples()).isPositive();
        assertThat(octets).isLessThan(0.5);
    }

    /** A key pressed for ever, and a packet of sound now and then. */
    @Test
    void noticingKeysAllocatesNothing() {
        JitterBuffer buffer =
                new JitterBuffer(AudioCodec.PCMU, codecs.openDecoder(AudioCodec.PCMU));
        double octets =
                perTurn(
                        100_000,
                        i -> {
                            long now = i * 20L * MILLI;
                            if (i % 50 == 0) {
                                buffer.insert(7, i & 0xFFFF, i * 160, false, packet, 0, 160, now);
                            } else {
                                buffer.noteOther(7, i & 0xFFFF);
                            }
                            buffer.pull(now + 16 * MILLI, narrow);
                        });

        assertThat(buffer.report().lost()).isZero();
        assertThat(octets).isLessThan(0.5);
    }

    @Test
    void codingAndDecodingOpusAllocatesNothing() {
        Tone tone = new Tone(440, 16_000, -15);
        try (OpusEncoder encoder = codecs.openOpusEncoder(OpusSettings.voice(16_000, 0));
                AudioDecoder decoder = codecs.openDecoder(AudioCodec.OPUS)) {
            JitterBuffer buffer = new JitterBuffer(AudioCodec.OPUS, decoder);
            double octets =
                    perTurn(
                            10_000,
                            i -> {
                                long now = i * 20L * MILLI;
                                tone.generate(wide, 0, 320);
                                int length = encoder.encode(wide, 0, 320, packet, 0);
                                if (i % 9 != 0) {
                                    buffer.insert(
                                            7, i & 0xFFFF, i * 960, false, packet, 0, length, now);
                                }
                                buffer.pull(now + 16 * MILLI, wide);
                            });
            assertThat(octets).isLessThan(2);
        }
    }

    @Test
    void codingAndDecodingG722AllocatesNothing() {
        Tone tone = new Tone(440, 16_000, -15);
        try (AudioEncoder encoder = codecs.openG722Encoder();
                AudioDecoder decoder = codecs.openDecoder(AudioCodec.G722)) {
            JitterBuffer buffer = new JitterBuffer(AudioCodec.G722, decoder);
            double octets =
                    perTurn(
                            20_000,
                            i -> {
                                long now = i * 20L * MILLI;
                                tone.generate(wide, 0, 320);
                                int length = encoder.encode(wide, 0, 320, packet, 0);
                                if (i % 9 != 0) {
                                    buffer.insert(
                                            7, i & 0xFFFF, i * 160, false, packet, 0, length, now);
                                }
                                buffer.pull(now + 16 * MILLI, wide);
                            });
            assertThat(buffer.report().concealedSamples()).isPositive();
            assertThat(octets).isLessThan(0.5);
        }
    }
}
