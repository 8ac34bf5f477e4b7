package dev.roomline.media.leg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioDecoder;
import dev.roomline.media.codec.Codecs;
import dev.roomline.media.codec.OpusEncoder;
import dev.roomline.media.codec.OpusPacket;
import dev.roomline.media.codec.OpusSettings;
import dev.roomline.media.rtp.RtpPacket;
import dev.roomline.media.rtp.RtpWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PacketizerTest {
    private final Codecs codecs = Codecs.load();
    private final RtpWriter writer = new RtpWriter();
    private final byte[] scratch = new byte[2_048];
    private final List<byte[]> sent = new ArrayList<>();

    private Packetizer packetizer(AudioCodec codec, int ptime) {
        Packetizer packets = new Packetizer(codec, 7, new Random(1));
        packets.configure(96, ptime);
        return packets;
    }

    private void frame(Packetizer packets, byte[] payload) {
        packets.frame(
                payload,
                0,
                payload.length,
                writer,
                scratch,
                (bytes, offset, length) ->
                        sent.add(Arrays.copyOfRange(bytes, offset, offset + length)));
    }

    private List<byte[]> opusFrames(int count) {
        List<byte[]> frames = new ArrayList<>();
        short[] said = Voices.speech(3, 4);
        byte[] out = new byte[1_500];
        try (OpusEncoder encoder =
                codecs.openOpusEncoder(new OpusSettings(16_000, 5, 32_000, true, 5, false))) {
            for (int i = 0; i < count; i++) {
                frames.add(Arrays.copyOf(out, encoder.encode(said, i * 320, 320, out, 0)));
            }
        }
        return frames;
    }

    private RtpPacket view(int index) {
        RtpPacket packet = new RtpPacket();
        assertThat(packet.wrap(sent.get(index), 0, sent.get(index).length)).isNull();
        return packet;
    }

    private void assertEven(int ticks) {
        for (int i = 0; i < sent.size(); i++) {
            assertThat(view(i).marker()).isEqualTo(i == 0);
            if (i > 0) {
                assertThat(view(i).timestamp() - view(i - 1).timestamp()).isEqualTo(ticks);
                assertThat((view(i).sequence() - view(i - 1).sequence()) & 0xFFFF).isEqualTo(1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 40, 60})
    void opusGoesOutAtThePeersPacketTimeAndDecodesTheSame(int ptime) {
        Packetizer packets = packetizer(AudioCodec.OPUS, ptime);
        List<byte[]> frames = opusFrames(120);
        frames.forEach(each -> frame(packets, each));

        assertThat(sent).hasSize(120 * 20 / ptime);
        assertEven(ptime * 48);
        OpusPacket opus = new OpusPacket();
        short[] one = new short[960];
        short[] joined = new short[2_880];
        try (AudioDecoder single = codecs.openDecoder(AudioCodec.OPUS);
                AudioDecoder whole = codecs.openDecoder(AudioCodec.OPUS)) {
            for (int i = 0, frame = 0; i < sent.size(); i++) {
                RtpPacket packet = view(i);
                byte[] bytes = packet.buffer();
                assertThat(opus.parse(bytes, packet.payloadOffset(), packet.payloadLength()))
                        .isTrue();
                assertThat(opus.samples48k()).isEqualTo(ptime * 48);
                int samples =
                        whole.decode(
                                bytes, packet.payloadOffset(), packet.payloadLength(), joined, 0);
                assertThat(samples).isEqualTo(ptime * 16);
                for (int at = 0; at < samples; at += 320, frame++) {
                    byte[] each = frames.get(frame);
                    assertThat(single.decode(each, 0, each.length, one, 0)).isEqualTo(320);
                    assertThat(Arrays.copyOfRange(joined, at, at + 320))
                            .isEqualTo(Arrays.copyOf(one, 320));
                }
            }
        }
    }

    @Test
    void framesOfAnotherModeGoOutByThemselves() {
        Packetizer packets = packetizer(AudioCodec.OPUS, 60);
        List<byte[]> frames = opusFrames(2);
        byte[] silence = Silence.of(AudioCodec.OPUS);
        int first = packets.timestamp();

        frame(packets, frames.get(0));
        frame(packets, frames.get(1));
        frame(packets, silence);
        frame(packets, silence);
        frame(packets, silence);

        assertThat(sent).hasSize(2);
        assertThat(view(0).timestamp()).isEqualTo(first);
        assertThat(view(1).timestamp()).isEqualTo(first + 2 * 960);
        assertThat(packets.timestamp()).isEqualTo(first + 5 * 960);
    }

    @Test
    void aShorterPacketTimeLosesNothingThatWaits() {
        Packetizer packets = packetizer(AudioCodec.OPUS, 60);
        List<byte[]> frames = opusFrames(3);
        frame(packets, frames.get(0));
        packets.configure(96, 20);
        frame(packets, frames.get(1));
        frame(packets, frames.get(2));

        assertThat(sent).hasSize(3);
        assertEven(960);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 20, 30, 40, 50, 60})
    void g711GoesOutAtThePeersPacketTime(int ptime) {
        Packetizer packets = packetizer(AudioCodec.PCMA, ptime);
        for (int i = 0; i < 300; i++) {
            byte[] payload = new byte[160];
            Arrays.fill(payload, (byte) i);
            frame(packets, payload);
        }

        assertThat(sent).hasSize(6_000 / ptime);
        assertEven(ptime * 8);
        int octet = 0;
        for (int i = 0; i < sent.size(); i++) {
            RtpPacket packet = view(i);
            for (int k = 0; k < packet.payloadLength(); k++, octet++) {
                assertThat(packet.buffer()[packet.payloadOffset() + k])
                        .isEqualTo((byte) (octet / 160));
            }
        }
    }

    @Test
    void whatIsNotSentMovesTheClockAndMarksTheNext() {
        for (AudioCodec codec : new AudioCodec[] {AudioCodec.PCMU, AudioCodec.OPUS}) {
            sent.clear();
            Packetizer packets = packetizer(codec, 20);
            byte[] frame = Silence.of(codec);
            frame(packets, frame);
            packets.skip(7);
            frame(packets, frame);
            frame(packets, frame);

            assertThat(view(1).timestamp() - view(0).timestamp())
                    .isEqualTo(8 * codec.clockRate() / 50);
            assertThat(view(1).sequence() - view(0).sequence()).isEqualTo(1);
            assertThat(view(1).marker()).isTrue();
            assertThat(view(2).marker()).isFalse();
        }
    }
}
