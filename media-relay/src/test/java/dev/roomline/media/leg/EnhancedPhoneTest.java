package dev.roomline.media.leg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.Codecs;
import dev.roomline.media.codec.G711;
import dev.roomline.media.enhance.Enhancement;
import dev.roomline.media.enhance.EnhancementWishes;
import dev.roomline.media.rtp.RtpWriter;
import dev.roomline.media.sdp.Direction;
import dev.roomline.media.sdp.OpusParameters;
import dev.roomline.media.sdp.PhoneMedia;
import dev.roomline.media.sdp.TelephoneEvent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A phone whose speech is made better is decoded for everybody: nothing goes on as it came. */
class EnhancedPhoneTest implements LegEvents, Wire {
    private static final InetSocketAddress PHONE =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 4_000);
    private static final long TICK_NANOS = 20_000_000L;
    private static final EnhancementWishes NOISE = new EnhancementWishes(true, false);

    private final Random random = new Random(4);
    private final PhoneLeg leg = leg(Enhancement.load(NOISE));
    private int handedOn;
    private int sequence;

    private PhoneLeg leg(Enhancement enhancement) {
        PhoneLeg made =
                new PhoneLeg(
                        7,
                        new Workbench(
                                Codecs.load(),
                                5,
                                PassThroughPolicy.AUTO,
                                enhancement,
                                new DropCounters(),
                                new Random(3),
                                0),
                        new AddressRule(PHONE.getAddress(), List.of()),
                        this,
                        this,
                        "name",
                        Duration.ofSeconds(30),
                        0);
        made.agreed(
                new PhoneMedia(
                        AudioCodec.PCMU,
                        0,
                        0,
                        20,
                        PHONE,
                        PHONE,
                        false,
                        Direction.SENDRECV,
                        false,
                        new TelephoneEvent(101, 101, 8_000),
                        -1,
                        OpusParameters.DEFAULT),
                0);
        made.join();
        return made;
    }

    @AfterEach
    void close() {
        leg.close(0);
    }

    /** 20 ms of a fan. */
    private void fan(PhoneLeg to) {
        byte[] packet = new byte[400];
        int at = new RtpWriter().start(packet, 0, false, 0, sequence, sequence * 160, 99).end();
        for (int i = 0; i < 160; i++) {
            packet[at + i] =
                    G711.encode(AudioCodec.PCMU, (int) Math.round(900 * random.nextGaussian()));
        }
        to.onRtpPort(packet, 0, at + 160, PHONE, sequence * TICK_NANOS);
        sequence++;
    }

    private int heardDbov(PhoneLeg of) {
        of.ear().open(Ear.Onset.NEWEST, 0);
        for (int i = 0; i < 150; i++) {
            fan(of);
            of.ear().pull(sequence * TICK_NANOS, false);
        }
        return of.ear().levelDbov();
    }

    @Test
    void itsPacketsAreNotHandedOnAndItsPathSaysWhy() {
        int level = heardDbov(leg);

        assertThat(leg.forwards()).isNull();
        assertThat(handedOn).isZero();
        assertThat(leg.status("abc", sequence * TICK_NANOS).path())
                .contains("→ decode → noise suppression → level");
        assertThat(level).isBetween(-60, -38);
    }

    @Test
    void aPhoneThatIsLeftAsItIsGoesOnAsItCame() {
        PhoneLeg plain = leg(Enhancement.OFF);
        int level = heardDbov(plain);

        assertThat(plain.forwards()).isEqualTo(AudioCodec.PCMU);
        assertThat(handedOn).isGreaterThan(100);
        assertThat(level).isBetween(-33, -29);
        plain.close(0);
    }

    @Override
    public void onConnected(Leg connected) {}

    @Override
    public void onSound(Leg heard) {}

    @Override
    public boolean onPacket(Leg from, SoundPacket sound, long nowNanos) {
        handedOn++;
        return true;
    }

    @Override
    public void onDtmf(Leg pressed, char digit, int durationMillis) {}

    @Override
    public void onLost(Leg gone, LegLoss loss, String detail) {}

    @Override
    public void send(InetSocketAddress to, byte[] bytes, int offset, int length) {}

    @Override
    public void sendRtcp(InetSocketAddress to, byte[] bytes, int offset, int length) {}
}
