package dev.roomline.media.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioDecoder;
import dev.roomline.media.codec.AudioEncoder;
import dev.roomline.media.codec.Codecs;
import dev.roomline.media.dsp.Goertzel;
import dev.roomline.media.rtp.RtpPacket;
import dev.roomline.media.rtp.RtpWriter;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A phone on a real UDP socket: says a tone in 20 ms packets in real time on a thread of its own,
 * and keeps what it hears.
 */
final class TestPhone implements AutoCloseable {
    private static final Pattern PORT = Pattern.compile("m=audio (\\d+) ");
    private static final int SAMPLES = 160;
    private static final double AMPLITUDE = 8_000;

    /** Samples of a second. */
    static final int SECOND = 8_000;

    private final InetAddress address = LoopbackRelay.HERE;
    final DatagramSocket rtp;
    final List<Short> heard = new ArrayList<>();
    final AtomicLong packetsHeard = new AtomicLong();

    /** Packets heard that did not go on where the one before ended: SSRC, number or clock. */
    final AtomicLong breaks = new AtomicLong();

    private final AudioCodec codec;
    private final AudioEncoder encoder;
    private final AudioDecoder decoder;
    private final double hertz;
    private final int ssrc;
    private volatile boolean running = true;
    private volatile DatagramSocket mouthSocket;
    private volatile int targetPort = -1;
    private final Thread mouth;
    private final Thread ear;
    private int sequence = 1_000;
    private int timestamp = 5_000;
    private int lastTimestamp;
    private long sample;

    TestPhone(Codecs codecs, AudioCodec codec, double hertz) throws IOException {
        this.codec = codec;
        this.hertz = hertz;
        rtp = new DatagramSocket(0, address);
        mouthSocket = rtp;
        encoder = codecs.openG711Encoder(codec);
        decoder = codecs.openDecoder(codec);
        ssrc = (int) (hertz * 1_000);
        mouth = Thread.ofPlatform().daemon().unstarted(this::speak);
        ear = Thread.ofPlatform().daemon().unstarted(this::listen);
    }

    String offer() {
        return offerFrom(rtp.getLocalPort());
    }

    String offerFrom(int port) {
        String ip = address.getHostAddress();
        int type = codec.staticPayloadType();
        return """
                v=0
                o=- 1 1 IN IP4 %s
                s=-
                c=IN IP4 %s
                t=0 0
                m=audio %d RTP/AVP %d 101
                a=rtpmap:%d %s/8000
                a=rtpmap:101 telephone-event/8000
                a=ptime:20
                a=sendrecv
                """
                .replace("\n", "\r\n")
                .formatted(ip, ip, port, type, type, codec.encodingName());
    }

    /** Begins to speak to where the answer says. */
    void answered(byte[] answer) {
        targetPort = portOf(answer);
        mouth.start();
        ear.start();
    }

    static int portOf(byte[] answer) {
        Matcher port = PORT.matcher(new String(answer, StandardCharsets.UTF_8));
        assertThat(port.find()).as("an audio line in the answer").isTrue();
        return Integer.parseInt(port.group(1));
    }

    private void speak() {
        byte[] packet = new byte[300];
        short[] pcm = new short[SAMPLES];
        RtpWriter writer = new RtpWriter();
        long nextNanos = System.nanoTime();
        try {
            while (running) {
                for (int i = 0; i < SAMPLES; i++, sample++) {
                    pcm[i] =
                            (short)
                                    Math.round(
                                            AMPLITUDE
                                                    * Math.sin(
                                                            2 * Math.PI * hertz * sample / 8_000));
                }
                int at =
                        writer.start(
                                        packet,
                                        0,
                                        false,
                                        codec.staticPayloadType(),
                                        sequence & 0xFFFF,
                                        timestamp,
                                        ssrc)
                                .end();
                int length = encoder.encode(pcm, 0, SAMPLES, packet, at);
                mouthSocket.send(
                        new DatagramPacket(
                                packet, at + length, new InetSocketAddress(address, targetPort)));
                sequence++;
                timestamp += SAMPLES;
                nextNanos += 20_000_000L;
                LockSupport.parkNanos(nextNanos - System.nanoTime());
            }
        } catch (IOException e) {
            assertThat(running).as("the socket failed only because it was closed").isFalse();
        }
    }

    private void listen() {
        byte[] packet = new byte[2_048];
        short[] pcm = new short[2_048];
        RtpPacket view = new RtpPacket();
        long expected = -1;
        try {
            while (running) {
                DatagramPacket datagram = new DatagramPacket(packet, packet.length);
                rtp.receive(datagram);
                if (view.wrap(packet, 0, datagram.getLength()) != null) {
                    continue;
                }
                packetsHeard.incrementAndGet();
                long here = Integer.toUnsignedLong(view.ssrc()) * 65_536 + view.sequence();
                if (expected >= 0
                        && (here != expected || !goesOn(view.timestamp() - lastTimestamp))) {
                    breaks.incrementAndGet();
                }
                lastTimestamp = view.timestamp();
                expected =
                        Integer.toUnsignedLong(view.ssrc()) * 65_536
                                + ((view.sequence() + 1) & 0xFFFF);
                int samples =
                        decoder.decode(packet, view.payloadOffset(), view.payloadLength(), pcm, 0);
                synchronized (heard) {
                    for (int i = 0; i < samples; i++) {
                        heard.add(pcm[i]);
                    }
                }
            }
        } catch (IOException e) {
            assertThat(running).as("the socket failed only because it was closed").isFalse();
        }
    }

    /** A loop that was kept from its work lets frames out: the clock goes on by whole ones. */
    private static boolean goesOn(int ticks) {
        return ticks >= SAMPLES && ticks < 8_000 && ticks % SAMPLES == 0;
    }

    /** Its NAT binding moves: the same stream comes from another port. */
    DatagramSocket moveTo(DatagramSocket other) {
        mouthSocket = other;
        return other;
    }

    /** The last samples heard. */
    short[] last(int samples) {
        synchronized (heard) {
            short[] out = new short[samples];
            for (int i = 0; i < samples; i++) {
                out[i] = heard.get(heard.size() - samples + i);
            }
            return out;
        }
    }

    int samplesHeard() {
        synchronized (heard) {
            return heard.size();
        }
    }

    int secondsHeard() {
        return samplesHeard() / SECOND;
    }

    /** How loud a tone was in the last samples heard, in dBov. */
    double level(double hertz, int samples) {
        return Goertzel.dbov(last(samples), 0, samples, hertz, SECOND);
    }

    /** Of a tone in the last second heard. */
    double snr(double hertz) {
        return Goertzel.snr(last(SECOND), 0, SECOND, hertz, SECOND);
    }

    /** It heard another's tone in the last second, as loud as that said it. */
    void assertHears(double hertz) {
        double spoken = 20 * Math.log10(AMPLITUDE / Math.sqrt(2) / 32_767);
        assertThat(level(hertz, SECOND))
                .as("level of %s Hz", hertz)
                .isBetween(spoken - 3, spoken + 3);
    }

    void assertDoesNotHear(double hertz) {
        assertThat(level(hertz, SECOND)).as("level of %s Hz", hertz).isLessThan(-50);
    }

    @Override
    public void close() {
        running = false;
        rtp.close();
    }
}
