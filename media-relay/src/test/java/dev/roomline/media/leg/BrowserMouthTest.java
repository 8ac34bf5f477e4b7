package dev.roomline.media.leg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.Codecs;
import dev.roomline.media.rtp.AudioLevelExtension;
import dev.roomline.media.rtp.RtpPacket;
import dev.roomline.media.sdp.AgreedBrowser;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a browser is sent in a slot, and what of it is sent again. */
class BrowserMouthTest {
    private static final int SSRC = 5;
    private static final int LEVEL_EXTENSION = 1;
    private static final long WINDOW_NANOS = 2_000_000_000L;

    private final BrowserMouth mouth =
            new BrowserMouth(
                    new Workbench(
                            Codecs.load(),
                            5,
                            PassThroughPolicy.AUTO,
                            new DropCounters(),
                            new Random(3),
                            0));
    private final List<byte[]> sent = new ArrayList<>();
    private final List<byte[]> resent = new ArrayList<>();
    private int sequence = 65_500;
    private long nowNanos;

    BrowserMouthTest() {
        mouth.attach(new Kept());
        mouth.agreed(
                AgreedBrowser.hearing(
                        SSRC,
                        AgreedBrowser.line(
                                Map.of(AgreedBrowser.OPUS, AudioCodec.OPUS, 0, AudioCodec.PCMU),
                                LEVEL_EXTENSION),
                        false));
    }

    /** A path that is open and keeps what goes by it. */
    private final class Kept implements BrowserPath {
        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public int sendRtp(byte[] bytes, int length) {
            sent.add(Arrays.copyOf(bytes, length));
            return length;
        }

        @Override
        public void resend(byte[] sealed, int offset, int length) {
            resent.add(Arrays.copyOfRange(sealed, offset, offset + length));
        }

        @Override
        public void sendRtcp(byte[] bytes, int length) {}

        @Override
        public void maintain(long nowNanos) {}

        @Override
        public void close() {}
    }

    /** 20 ms that are known by their octets; returns their number. */
    private int says(AudioCodec codec, int levelDbov) {
        byte[] payload = new byte[160];
        Arrays.fill(payload, (byte) (sequence + 1));
        return says(codec, levelDbov, payload);
    }

    private int says(AudioCodec codec, int levelDbov, byte[] payload) {
        sequence++;
        int number = sequence & 0xFFFF;
        SoundPacket sound =
                new SoundPacket().set(codec, sequence, 0, levelDbov, payload, 0, payload.length);
        mouth.sendSlot(0, false, number, 960L * sequence, 7, sound);
        return number;
    }

    private int says() {
        return says(AudioCodec.PCMU, -20);
    }

    private static RtpPacket read(byte[] packet) {
        RtpPacket view = new RtpPacket();
        assertThat(view.wrap(packet, 0, packet.length)).isNull();
        return view;
    }

    /** Two seconds in which the browser reports such a loss. */
    private void reports(double share) {
        mouth.settle(0, nowNanos);
        for (int i = 0; i < 100; i++) {
            says();
        }
        nowNanos += WINDOW_NANOS;
        mouth.settle(share, nowNanos);
        sent.clear();
        resent.clear();
    }

    @Test
    void whatIsAskedForIsSentAgainAsItWasButNotForEver() {
        int asked = says();
        says();
        for (int i = 0; i < 10; i++) {
            mouth.onNack(SSRC, asked);
        }

        assertThat(resent).hasSize(3).allSatisfy(each -> assertThat(each).isEqualTo(sent.get(0)));
    }

    @Test
    void whatWasSentLongAgoOrByAnotherStreamIsNotSentAgain() {
        int asked = says();
        mouth.onNack(SSRC + 1, asked);
        for (int i = 0; i < SentPackets.PACKETS; i++) {
            says();
        }
        mouth.onNack(SSRC, asked);

        assertThat(resent).isEmpty();
    }

    /** Firefox agrees to ask for what it loses and never does. */
    @Test
    void whoReportsLossAndNeverAsksIsSentEachPacketAgainBehindTheNext() {
        says();
        reports(0.1);
        for (int i = 0; i < 50; i++) {
            says();
        }

        assertThat(resent).hasSize(50);
        for (int i = 1; i < 50; i++) {
            assertThat(resent.get(i)).isEqualTo(sent.get(i - 1));
        }
        assertThat(mouth.wantsRedundancy()).isFalse();
    }

    /** The packet that would bring the copy may bring one in itself. */
    @ParameterizedTest
    @CsvSource({"0x48,0x80,50", "0x48,0xC0,0", "0xF8,0xC0,50"})
    void ofOpusThatIsWhateverBringsNoCopyByItself(String toc, String head, int copies) {
        says();
        reports(0.1);
        for (int i = 0; i < 50; i++) {
            byte[] payload = new byte[60];
            payload[0] = Integer.decode(toc).byteValue();
            payload[1] = Integer.decode(head).byteValue();
            says(AudioCodec.OPUS, -20, payload);
        }

        assertThat(resent).hasSize(copies);
    }

    @Test
    void whereCopiesAreNotEnoughRedundancyIsWanted() {
        reports(0.1);
        reports(0.5);
        assertThat(mouth.wantsRedundancy()).isFalse();
        reports(0.5);

        assertThat(mouth.wantsRedundancy()).isTrue();
    }

    @Test
    void eachPacketBearsItsLevelAndTheClockOfItsCodec() {
        says(AudioCodec.OPUS, -31);
        says(AudioCodec.OPUS, -127);
        says(AudioCodec.PCMU, -20);
        says(AudioCodec.PCMU, -20);

        assertThat(sent.stream().map(each -> AudioLevelExtension.read(read(each), LEVEL_EXTENSION)))
                .containsExactly(-31, -127, -20, -20);
        assertThat(AudioLevelExtension.isVoiced(read(sent.get(0)), LEVEL_EXTENSION)).isTrue();
        assertThat(AudioLevelExtension.isVoiced(read(sent.get(1)), LEVEL_EXTENSION)).isFalse();
        assertThat(read(sent.get(1)).timestamp() - read(sent.get(0)).timestamp()).isEqualTo(960);
        assertThat(read(sent.get(3)).timestamp() - read(sent.get(2)).timestamp()).isEqualTo(160);
    }
}
