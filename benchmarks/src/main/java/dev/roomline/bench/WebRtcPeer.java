package dev.roomline.bench;

import dev.roomline.bench.Speech.Payloads;
import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.dtls.DtlsIdentity;
import dev.roomline.media.rtp.RtpDemux;
import dev.roomline.media.rtp.RtpPacket;
import dev.roomline.media.rtp.RtpWriter;
import dev.roomline.media.srtp.SrtpKeys;
import dev.roomline.media.srtp.SrtpSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.tls.DatagramTransport;

/**
 * A browser as its packets are, without its jitter buffer: it joins by one POST, nominates by one
 * check, is keyed by DTLS, speaks Opus over SRTP with its level beside it, plays Opus and PCMU, and
 * hands on what it hears the moment it comes. Owner: whoever joins it, then its {@link PhoneLoop}.
 */
@SuppressWarnings("AddressSelection") // literal addresses
final class WebRtcPeer implements Voice, AutoCloseable {
    private static final DtlsIdentity IDENTITY = DtlsIdentity.generate();
    private static final String UFRAG = "peer";
    private static final String PASSWORD = "password-of-the-bench-peer";
    private static final int OPUS = 111;
    private static final int LEVEL_EXTENSION = 1;
    private static final int MOST_OCTETS = 1_500;
    private static final int TRIES = 20;

    /** Consent is renewed every 2 s (RFC 7675 §5.1 says 5 s). */
    private static final int CONSENT_PACKETS = 100;

    /** Streams that a room may send it. */
    private static final int MAX_SSRCS = 32;

    /** Takes what it hears. */
    interface Ear {
        /** The payload of one packet; the array is the ear's own. */
        void heard(AudioCodec codec, byte[] payload, long nowNanos);
    }

    /**
     * How it hears: one line brings a mix of the others, as for programs; more of them bring a
     * voice each, as for the room's page.
     */
    enum Hearing {
        MIX(1),
        SLOTS(6);

        private final int lines;

        Hearing(int lines) {
            this.lines = lines;
        }
    }

    private final Server server;
    private final Server.Joined joined;
    private final DatagramChannel channel;
    private final SrtpSession srtp;
    private final String checkName;
    private final String checkPassword;
    private final Payloads says;
    private final int[] levelsDbov;
    private final PhoneStream.Sending sending;
    private final Ear ear;
    private final int ssrc;
    private final RtpWriter writer = new RtpWriter();
    private final RtpPacket packet = new RtpPacket();
    private final byte[] out = new byte[MOST_OCTETS];
    private final byte[] in = new byte[MOST_OCTETS];
    private int at;
    private int sequence;
    private int timestamp;
    private long checks;

    private WebRtcPeer(
            Server server,
            Server.Joined joined,
            DatagramChannel channel,
            SrtpSession srtp,
            String checkName,
            String checkPassword,
            Talk talk,
            Ear ear) {
        this.server = server;
        this.joined = joined;
        this.channel = channel;
        this.srtp = srtp;
        this.checkName = checkName;
        this.checkPassword = checkPassword;
        this.says = talk.says();
        this.levelsDbov = talk.levelsDbov();
        this.sending = talk.sending();
        this.ssrc = talk.ssrc();
        this.ear = ear;
        at = Math.floorMod(talk.offset(), says.frames().length);
        sequence = ssrc & 0x7fff;
        timestamp = ssrc * 31;
    }

    /**
     * What it says, over and over.
     *
     * @param levelsDbov of each frame, −127 to 0
     * @param offset where in it it begins
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Talk(
            Payloads says, int[] levelsDbov, int offset, int ssrc, PhoneStream.Sending sending) {}

    /** Joins a room; its media flows when this returns. */
    static WebRtcPeer join(Server server, String code, Hearing hearing, Talk talk, Ear ear)
            throws InterruptedException {
        Server.Joined joined = server.join(code, offer(hearing));
        String answer = joined.answer();
        String name = found(answer, "(?m)^a=ice-ufrag:(\\S+)") + ":" + UFRAG;
        String password = found(answer, "(?m)^a=ice-pwd:(\\S+)");
        Matcher place =
                Pattern.compile("(?m)^a=candidate:\\S+ 1 udp \\d+ (127\\.\\S+) (\\d+) ")
                        .matcher(answer);
        if (!place.find()) {
            throw new IllegalStateException("no candidate in:\n" + answer);
        }
        try {
            DatagramChannel channel = DatagramChannel.open();
            channel.bind(new InetSocketAddress("127.0.0.1", 0));
            channel.connect(
                    new InetSocketAddress(place.group(1), Integer.parseInt(place.group(2))));
            nominate(channel, name, password);
            SrtpKeys keys = DtlsClient.shakeHands(IDENTITY, new DtlsPath(channel));
            channel.configureBlocking(false);
            SrtpSession srtp = new SrtpSession(keys, MAX_SSRCS);
            return new WebRtcPeer(server, joined, channel, srtp, name, password, talk, ear);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One sends and receives; of several the first sends, as the room's page has it. */
    private static String offer(Hearing hearing) {
        boolean mix = hearing == Hearing.MIX;
        int lines = mix ? 1 : 1 + hearing.lines;
        StringBuilder sdp =
                new StringBuilder(
                        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE");
        for (int i = 0; i < lines; i++) {
            sdp.append(' ').append(i);
        }
        sdp.append("\r\n");
        for (int i = 0; i < lines; i++) {
            String direction = mix ? "sendrecv" : i == 0 ? "sendonly" : "recvonly";
            sdp.append(
                    """
                    m=audio 9 UDP/TLS/RTP/SAVPF %1$d 0
                    c=IN IP4 0.0.0.0
                    a=ice-ufrag:%2$s
                    a=ice-pwd:%3$s
                    a=fingerprint:sha-256 %4$s
                    a=setup:actpass
                    a=mid:%5$d
                    a=extmap:%6$d urn:ietf:params:rtp-hdrext:ssrc-audio-level
                    a=%7$s
                    a=rtcp-mux
                    a=rtpmap:%1$d opus/48000/2
                    a=rtpmap:0 PCMU/8000
                    a=fmtp:%1$d minptime=10;useinbandfec=1
                    """
                            .formatted(
                                    OPUS,
                                    UFRAG,
                                    PASSWORD,
                                    IDENTITY.fingerprint().value(),
                                    i,
                                    LEVEL_EXTENSION,
                                    direction)
                            .replace("\n", "\r\n"));
        }
        return sdp.toString();
    }

    private static void nominate(DatagramChannel channel, String name, String password)
            throws IOException {
        DatagramPacket answer = new DatagramPacket(new byte[MOST_OCTETS], MOST_OCTETS);
        channel.socket().setSoTimeout(250);
        for (int attempt = 0; attempt < TRIES; attempt++) {
            channel.write(ByteBuffer.wrap(StunCheck.request(name, password, attempt)));
            try {
                channel.socket().receive(answer);
                if (StunCheck.isSuccess(answer.getData(), answer.getLength())) {
                    return;
                }
            } catch (SocketTimeoutException lost) {
                // once more
            }
        }
        throw new IllegalStateException("the check was not answered");
    }

    /** DTLS alone of what comes on the socket (RFC 7983 §7). */
    private record DtlsPath(DatagramChannel channel) implements DatagramTransport {
        @Override
        public int getReceiveLimit() {
            return MOST_OCTETS;
        }

        @Override
        public int getSendLimit() {
            return 1_200;
        }

        @Override
        public int receive(byte[] buffer, int offset, int length, int waitMillis)
                throws IOException {
            channel.socket().setSoTimeout(Math.max(1, waitMillis));
            DatagramPacket datagram = new DatagramPacket(buffer, offset, length);
            try {
                channel.socket().receive(datagram);
            } catch (SocketTimeoutException nothing) {
                return -1;
            }
            int first = buffer[offset] & 0xff;
            return first >= 20 && first <= 63 ? datagram.getLength() : -1;
        }

        @Override
        public void send(byte[] buffer, int offset, int length) throws IOException {
            channel.write(ByteBuffer.wrap(buffer, offset, length));
        }

        @Override
        public void close() {
            // the socket is the peer's
        }
    }

    private static String found(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + pattern + " in:\n" + text);
        }
        return matcher.group(1);
    }

    @Override
    public DatagramChannel channel() {
        return channel;
    }

    @Override
    public void send(ByteBuffer unused) {
        byte[] payload = says.frames()[at];
        int levelDbov = levelsDbov[at];
        boolean voiced = levelDbov > -127;
        writer.start(out, 0, false, OPUS, sequence & 0xffff, timestamp, ssrc);
        writer.audioLevel(LEVEL_EXTENSION, voiced, levelDbov);
        int end = writer.end();
        System.arraycopy(payload, 0, out, end, payload.length);
        int sealed = srtp.protectRtp(out, 0, end + payload.length);
        sending.sent(at, System.nanoTime());
        write(ByteBuffer.wrap(out, 0, sealed));
        sequence++;
        timestamp += says.timestampStep();
        at = (at + 1) % says.frames().length;
        if (sequence % CONSENT_PACKETS == 0) {
            write(ByteBuffer.wrap(StunCheck.request(checkName, checkPassword, 1_000 + checks++)));
        }
    }

    private void write(ByteBuffer octets) {
        try {
            channel.write(octets);
        } catch (PortUnreachableException gone) {
            // the other side is not there: it will be missed by what does not come back
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void receive(ByteBuffer unused) {
        ByteBuffer buffer = ByteBuffer.wrap(in);
        try {
            while (true) {
                buffer.clear();
                int length = channel.read(buffer);
                if (length <= 0) {
                    return;
                }
                heard(length, System.nanoTime());
            }
        } catch (PortUnreachableException gone) {
            // as above
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void heard(int length, long nowNanos) {
        boolean rtp = (in[0] & 0xc0) == 0x80 && !RtpDemux.isRtcp(in, 0, length);
        int clear = rtp ? srtp.unprotectRtp(in, 0, length) : -1;
        if (clear > 0 && packet.wrap(in, 0, clear) == null) {
            byte[] payload =
                    Arrays.copyOfRange(
                            in,
                            packet.payloadOffset(),
                            packet.payloadOffset() + packet.payloadLength());
            AudioCodec codec = packet.payloadType() == OPUS ? AudioCodec.OPUS : AudioCodec.PCMU;
            ear.heard(codec, payload, nowNanos);
        }
    }

    /** Leaves the room. */
    @Override
    public void close() {
        server.leave(joined);
        srtp.close();
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
