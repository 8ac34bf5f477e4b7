package dev.roomline.media.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioDecoder;
import dev.roomline.media.codec.AudioEncoder;
import dev.roomline.media.codec.Codecs;
import dev.roomline.media.dsp.Goertzel;
import dev.roomline.media.dsp.Tone;
import dev.roomline.media.leg.AddressRule;
import dev.roomline.media.leg.Drop;
import dev.roomline.media.leg.DropCounters;
import dev.roomline.media.leg.LegLoss;
import dev.roomline.media.leg.PassThroughPolicy;
import dev.roomline.media.leg.PhoneLeg;
import dev.roomline.media.leg.Wire;
import dev.roomline.media.leg.Workbench;
import dev.roomline.media.rtp.RtpPacket;
import dev.roomline.media.rtp.RtpWriter;
import dev.roomline.media.sdp.Direction;
import dev.roomline.media.sdp.OpusParameters;
import dev.roomline.media.sdp.PhoneMedia;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Phones in a room in virtual time: a tick each 20 ms, and every packet just before it. */
class RoomTest implements RoomEvents {
    private static final long TICK_NANOS = 20_000_000L;
    private static final int SECOND = 8_000;

    private final Codecs codecs = Codecs.load();
    private final DropCounters drops = new DropCounters();
    private final Workbench bench =
            new Workbench(codecs, 5, PassThroughPolicy.AUTO, drops, new Random(5), 0);
    private final Room room = new Room("abc-defg-hij", bench, this);
    private final List<Phone> phones = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private long nowNanos = TICK_NANOS;
    private boolean awake;

    /** A phone that says a tone and keeps what it hears. */
    private final class Phone implements Wire {
        final PhoneLeg leg;
        final List<Short> heard = new ArrayList<>();
        private final InetSocketAddress address;
        private final Tone tone;
        private final AudioEncoder encoder = codecs.openG711Encoder(AudioCodec.PCMU);
        private final AudioDecoder decoder = codecs.openDecoder(AudioCodec.PCMU);
        private final int id;
        private int packets;
        private boolean broken;

        Phone(int id, double hertz, double levelDbov) {
            this.id = id;
            tone = new Tone(hertz, 8_000, levelDbov);
            address = new InetSocketAddress(InetAddress.ofLiteral("203.0.113." + id), 4_000);
            leg =
                    new PhoneLeg(
                            id,
                            bench,
                            new AddressRule(address.getAddress(), List.of()),
                            this,
                            room,
                            "name",
                            Duration.ZERO,
                            nowNanos);
            leg.agreed(
                    new PhoneMedia(
                            AudioCodec.PCMU,
                            0,
                            0,
                            20,
                            address,
                            address,
                            true,
                            Direction.SENDRECV,
                            false,
                            null,
                            -1,
                            OpusParameters.DEFAULT),
                    nowNanos);
            leg.join();
            room.add(leg);
            phones.add(this);
        }

        void speaks() {
            short[] pcm = new short[160];
            byte[] packet = new byte[200];
            tone.generate(pcm, 0, 160);
            int at =
                    new RtpWriter()
                            .start(packet, 0, packets == 0, 0, packets, 160 * packets, id)
                            .end();
            encoder.encode(pcm, 0, 160, packet, at);
            packets++;
            leg.onRtpPort(packet, 0, packet.length - 28, address, nowNanos);
        }

        @Override
        public void send(InetSocketAddress to, byte[] bytes, int offset, int length) {
            if (broken) {
                throw new IllegalStateException("a bug of ours");
            }
            RtpPacket view = new RtpPacket();
            short[] pcm = new short[1_000];
            if (view.wrap(bytes, offset, length) == null && view.payloadType() == 0) {
                int samples =
                        decoder.decode(bytes, view.payloadOffset(), view.payloadLength(), pcm, 0);
                for (int i = 0; i < samples; i++) {
                    heard.add(pcm[i]);
                }
            }
        }

        @Override
        public void sendRtcp(InetSocketAddress to, byte[] bytes, int offset, int length) {}

        double level(double hertz) {
            short[] last = new short[SECOND];
            for (int i = 0; i < SECOND; i++) {
                last[i] = heard.get(heard.size() - SECOND + i);
            }
            return Goertzel.dbov(last, 0, SECOND, hertz, 8_000);
        }
    }

    @Override
    public void onConnected(int leg) {
        told.add("connected " + leg);
    }

    @Override
    public void onTalking(int leg, boolean talking) {
        told.add((talking ? "talks " : "is quiet ") + leg);
    }

    @Override
    public void onSlots(int browser, int[] carries) {}

    @Override
    public void onDtmf(int leg, char digit, int durationMillis) {}

    @Override
    public void onLost(int leg, LegLoss loss, String detail) {
        told.add(loss + " " + leg);
    }

    @Override
    public void onFault(int leg, RuntimeException fault) {
        told.add("fault " + leg);
        drops.count(Drop.LEG_FAULT);
    }

    @Override
    public void onWake() {
        awake = true;
    }

    /** Lets every phone but the silent ones speak for a while, and the room tick. */
    private void pass(int ticks) {
        for (int i = 0; i < ticks; i++) {
            nowNanos += TICK_NANOS;
            room.at(nowNanos);
            for (Phone phone : phones) {
                phone.speaks();
            }
            room.tick(nowNanos, nowNanos);
            if (i % 5 == 0) {
                room.maintain(nowNanos);
            }
        }
    }

    @Test
    void a_room_ticks_from_the_first_release_and_not_before() {
        Phone phone = new Phone(1, 440, -15);
        room.at(nowNanos);
        assertThat(room.wantsTick()).isFalse();
        assertThat(awake).isFalse();

        phone.leg.release();

        assertThat(awake).isTrue();
        assertThat(room.wantsTick()).isTrue();
        room.remove(1);
        assertThat(room.wantsTick()).isFalse();
    }

    @Test
    void a_fault_in_one_leg_is_told_once_and_the_others_go_on() {
        Phone broken = new Phone(1, 440, -15);
        Phone one = new Phone(2, 1_000, -15);
        Phone two = new Phone(3, 1_700, -15);
        pass(50);
        broken.broken = true;
        pass(100);

        assertThat(told).containsOnlyOnce("fault 1");
        assertThat(one.level(1_700)).isBetween(-18.0, -12.0);
        assertThat(two.level(1_000)).isBetween(-18.0, -12.0);
    }

    @Test
    void of_many_only_the_loudest_six_are_mixed() {
        Phone listener = new Phone(1, 300, -40);
        double[] hertz = {400, 600, 800, 1_000, 1_200, 1_400, 1_600, 1_800};
        for (int i = 0; i < hertz.length; i++) {
            new Phone(2 + i, hertz[i], i < 6 ? -25 : -45);
        }
        pass(150);

        for (int i = 0; i < hertz.length; i++) {
            if (i < 6) {
                assertThat(listener.level(hertz[i])).as("%s Hz", hertz[i]).isGreaterThan(-28);
            } else {
                assertThat(listener.level(hertz[i])).as("%s Hz", hertz[i]).isLessThan(-60);
            }
        }
    }

    @Test
    void a_volume_raises_a_voice_for_the_others() {
        Phone loud = new Phone(1, 440, -30);
        Phone other = new Phone(2, 1_000, -30);
        loud.leg.setVolume(12);
        pass(150);

        assertThat(other.level(440)).isBetween(-19.0, -17.0);
        assertThat(loud.level(1_000)).isBetween(-31.0, -29.0);
    }

    @Test
    void who_speaks_is_told_at_the_change() {
        Phone one = new Phone(1, 440, -20);
        Phone two = new Phone(2, 1_000, -20);
        pass(50);
        one.leg.setMuted(true);
        pass(10);
        one.leg.setMuted(false);
        pass(50);

        assertThat(told)
                .filteredOn(each -> each.endsWith(" 1"))
                .containsExactly("connected 1", "talks 1", "is quiet 1", "talks 1");
        assertThat(two.leg.talk().talking()).isTrue();
    }

    @Test
    void one_alone_is_not_decoded() {
        Phone one = new Phone(1, 440, -20);
        pass(50);

        assertThat(drops.of(Drop.RTP_UNHEARD)).isEqualTo(50);
        assertThat(one.leg.ear().isOpen()).isFalse();
        assertThat(told).containsExactly("connected 1", "talks 1");
    }
}
