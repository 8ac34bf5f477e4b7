package dev.roomline.bench.stage;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.roomline.media.ice.StunMessage;
import dev.roomline.media.rtp.RtpPacket;
import dev.roomline.media.rtp.RtpWriter;
import dev.roomline.media.srtp.SrtpKeys;
import dev.roomline.media.srtp.SrtpProfile;
import dev.roomline.media.srtp.SrtpSession;
import dev.roomline.sip.message.ParseOutcome;
import dev.roomline.sip.message.SipParser;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What is done to packets and messages, one at a time. */
public class PacketStages {
    private static final int PAYLOAD_OCTETS = 160;

    /** Packets in the clear. */
    @State(Scope.Thread)
    public static class Clear {
        private final RtpWriter writer = new RtpWriter();
        private final RtpPacket view = new RtpPacket();
        private final byte[] packet = new byte[1_500];
        private final byte[] stun = Messages.bindingRequest();
        private final byte[] invite = Messages.invite().getBytes(US_ASCII);
        private final int length = write(writer, packet, 0);
    }

    private static int write(RtpWriter writer, byte[] packet, int sequence) {
        writer.start(packet, 0, false, 0, sequence & 0xffff, sequence * PAYLOAD_OCTETS, 7);
        writer.csrc(9).audioLevel(1, true, -20);
        return writer.end() + PAYLOAD_OCTETS;
    }

    /** A header with a CSRC and a level. */
    @Benchmark
    public int rtpWrite(Clear state) {
        return write(state.writer, state.packet, 1);
    }

    /** The same, read and checked. */
    @Benchmark
    public int rtpParse(Clear state) {
        boolean good = state.view.wrap(state.packet, 0, state.length) == null;
        return good ? state.view.payloadOffset() : -1;
    }

    /** A connectivity check of a browser. */
    @Benchmark
    public StunMessage.Result stunParse(Clear state) {
        return StunMessage.parse(state.stun, 0, state.stun.length);
    }

    /** An INVITE with an offer. */
    @Benchmark
    public ParseOutcome sipParse(Clear state) {
        return SipParser.parse(state.invite, false);
    }

    /** Packets on their way through SRTP, as many as are made before each invocation. */
    public static class Packets {
        /** In one invocation. */
        static final int COUNT = 500;

        private static final SrtpProfile PROFILE = SrtpProfile.AEAD_AES_128_GCM;

        private final RtpWriter writer = new RtpWriter();
        private final byte[][] packets = new byte[COUNT][1_500];
        private final int[] lengths = new int[COUNT];
        private final SrtpSession ours = open();
        private final SrtpSession theirs = open();
        private int sequence;

        private static SrtpSession open() {
            SrtpSession.chooseCipher();
            byte[] key = new byte[PROFILE.keyLength()];
            byte[] salt = new byte[PROFILE.saltLength()];
            return new SrtpSession(new SrtpKeys(PROFILE, key, salt, key, salt), 4);
        }

        final void write() {
            for (int i = 0; i < COUNT; i++) {
                lengths[i] = PacketStages.write(writer, packets[i], sequence++);
            }
        }

        final void seal() {
            for (int i = 0; i < COUNT; i++) {
                lengths[i] = theirs.protectRtp(packets[i], 0, lengths[i]);
            }
        }

        final void end() {
            ours.close();
            theirs.close();
        }
    }

    /** In the clear, to be closed. */
    @State(Scope.Thread)
    public static class Written extends Packets {
        /** Writes fresh packets. */
        @Setup(Level.Invocation)
        public void prepare() {
            write();
        }

        /** Closes both sessions. */
        @TearDown
        public void close() {
            end();
        }
    }

    /** Closed by the other end already: written and sealed in one, or what is opened was not. */
    @State(Scope.Thread)
    public static class Arrived extends Packets {
        /** Writes and seals fresh packets. */
        @Setup(Level.Invocation)
        public void prepare() {
            write();
            seal();
        }

        /** Closes both sessions. */
        @TearDown
        public void close() {
            end();
        }
    }

    /** AEAD_AES_128_GCM on a packet of 160 octets. */
    @Benchmark
    @OperationsPerInvocation(Packets.COUNT)
    public int srtpProtect(Written state) {
        Packets packets = state;
        int octets = 0;
        for (int i = 0; i < Packets.COUNT; i++) {
            octets += carried(packets.ours.protectRtp(packets.packets[i], 0, packets.lengths[i]));
        }
        return octets;
    }

    /** The same opened, replay protection included. */
    @Benchmark
    @OperationsPerInvocation(Packets.COUNT)
    public int srtpUnprotect(Arrived state) {
        Packets packets = state;
        int octets = 0;
        for (int i = 0; i < Packets.COUNT; i++) {
            octets += carried(packets.ours.unprotectRtp(packets.packets[i], 0, packets.lengths[i]));
        }
        return octets;
    }

    /** What is refused costs something else. */
    private static int carried(int length) {
        if (length < 0) {
            throw new IllegalStateException("SRTP refused a packet: " + length);
        }
        return length;
    }
}
