package dev.roomline.bench;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioDecoder;
import dev.roomline.media.codec.AudioEncoder;
import dev.roomline.media.codec.Codecs;
import dev.roomline.media.dsp.Resampler;
import dev.roomline.media.rtp.RtpWriter;
import dev.roomline.media.srtp.SrtpKeys;
import dev.roomline.media.srtp.SrtpProfile;
import dev.roomline.media.srtp.SrtpSession;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What cannot be left out when a phone and a browser hear each other, each measured alone in a bare
 * loop: the system calls, the cipher, one decode, the filter, G.711. There are as many sockets,
 * ciphers and decoders as rooms and they take turns, as a server's do: one alone would never leave
 * the fastest cache. CPU time of the thread, the median of batches, so that neither who else runs
 * on the core nor an interruption counts. Owner: one thread.
 */
final class Floors implements AutoCloseable {
    private static final int BATCH = 100;
    private static final int BATCHES = 40;
    private static final int WARM_UP_ROUNDS = 4;
    private static final int MOST_OCTETS = 1_500;
    private static final int PCMU_OCTETS = 160;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private static final MethodHandle SEND = call("send", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    private static final MethodHandle RECEIVE =
            call("recv", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);

    /** What is done once. */
    enum Floor {
        RECEIVE("receive a datagram"),
        SEND("send a datagram"),
        UNPROTECT("open SRTP of Opus"),
        PROTECT("close SRTP of PCMU"),
        DECODE("decode Opus at 16 kHz"),
        HALVE("half-band to 8 kHz"),
        ENCODE("encode G.711");

        final String words;

        Floor(String words) {
            this.words = words;
        }
    }

    private final int rooms;
    private final PhoneWire[] senders;
    private final PhoneWire[] receivers;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment octets = arena.allocate(MOST_OCTETS);
    private final AudioDecoder[] decoders;
    private final AudioEncoder encoder;
    private final Resampler resampler = new Resampler();
    private final byte[][] opus;
    private final SrtpSession[] ours;
    private final SrtpSession[] theirs;
    private final RtpWriter writer = new RtpWriter();
    private final byte[][] packets = new byte[BATCH][MOST_OCTETS];
    private final int[] lengths = new int[BATCH];
    private final short[] decoded = new short[5_760];
    private final int[] wide = new int[Resampler.WIDE_MEMORY + Resampler.WIDE];
    private final int[] narrow = new int[Resampler.NARROW];
    private final short[] samples = new short[Resampler.NARROW];
    private final byte[] encoded = new byte[PCMU_OCTETS];
    private final Map<Floor, List<Double>> micros = new EnumMap<>(Floor.class);
    private int sequence;
    private int frame;

    /**
     * @param rooms how many there are
     * @param speech what is decoded
     */
    Floors(int rooms, Codecs codecs, Speech.Payloads speech) {
        this.rooms = rooms;
        opus = speech.frames();
        senders = new PhoneWire[rooms];
        receivers = new PhoneWire[rooms];
        decoders = new AudioDecoder[rooms];
        ours = new SrtpSession[rooms];
        theirs = new SrtpSession[rooms];
        encoder = codecs.openG711Encoder(AudioCodec.PCMU);
        SrtpProfile profile = SrtpProfile.AEAD_AES_128_GCM;
        byte[] key = new byte[profile.keyLength()];
        byte[] salt = new byte[profile.saltLength()];
        for (int i = 0; i < rooms; i++) {
            senders[i] = new PhoneWire();
            receivers[i] = new PhoneWire();
            senders[i].connect(receivers[i].port());
            decoders[i] = codecs.openDecoder(AudioCodec.OPUS);
            ours[i] = new SrtpSession(new SrtpKeys(profile, key, salt, key, salt), 4);
            theirs[i] = new SrtpSession(new SrtpKeys(profile, key, salt, key, salt), 4);
        }
        for (int i = 0; i < WARM_UP_ROUNDS; i++) {
            measure();
        }
        micros.clear();
    }

    @SuppressWarnings("restricted")
    private static MethodHandle call(String name, MemoryLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(JAVA_LONG, arguments));
    }

    /** All of them once more. */
    void measure() {
        for (Floor floor : Floor.values()) {
            double[] batches = new double[BATCHES];
            for (int i = 0; i < BATCHES; i++) {
                batches[i] = batch(floor) / 1e3 / BATCH;
            }
            micros.computeIfAbsent(floor, _ -> new ArrayList<>()).add(Spread.of(batches).median());
        }
    }

    /** Nanoseconds of one batch, of this thread alone. */
    private long batch(Floor floor) {
        return switch (floor) {
            case RECEIVE -> {
                for (int i = 0; i < BATCH; i++) {
                    send(i);
                }
                long began = THREADS.getCurrentThreadCpuTime();
                for (int i = 0; i < BATCH; i++) {
                    receive(i);
                }
                yield THREADS.getCurrentThreadCpuTime() - began;
            }
            case SEND -> {
                long began = THREADS.getCurrentThreadCpuTime();
                for (int i = 0; i < BATCH; i++) {
                    send(i);
                }
                long took = THREADS.getCurrentThreadCpuTime() - began;
                for (int i = 0; i < BATCH; i++) {
                    receive(i);
                }
                yield took;
            }
            case PROTECT -> {
                write(0, PCMU_OCTETS);
                long began = THREADS.getCurrentThreadCpuTime();
                for (int i = 0; i < BATCH; i++) {
                    lengths[i] = ours[i % rooms].protectRtp(packets[i], 0, lengths[i]);
                }
                yield THREADS.getCurrentThreadCpuTime() - began;
            }
            case UNPROTECT -> {
                write(111, 0);
                for (int i = 0; i < BATCH; i++) {
                    lengths[i] = theirs[i % rooms].protectRtp(packets[i], 0, lengths[i]);
                }
                long began = THREADS.getCurrentThreadCpuTime();
                for (int i = 0; i < BATCH; i++) {
                    lengths[i] = ours[i % rooms].unprotectRtp(packets[i], 0, lengths[i]);
                }
                yield THREADS.getCurrentThreadCpuTime() - began;
            }
            case DECODE -> {
                long began = THREADS.getCurrentThreadCpuTime();
                for (int i = 0; i < BATCH; i++) {
                    byte[] payload = next(i);
                    decoders[i % rooms].decode(payload, 0, payload.length, decoded, 0);
                }
                yield THREADS.getCurrentThreadCpuTime() - began;
            }
            case HALVE -> {
                long began = THREADS.getCurrentThreadCpuTime();
                for (int i = 0; i < BATCH; i++) {
                    resampler.addHalved(wide, narrow);
                }
                yield THREADS.getCurrentThreadCpuTime() - began;
            }
            case ENCODE -> {
                for (int i = 0; i < samples.length; i++) {
                    samples[i] = decoded[2 * i];
                }
                long began = THREADS.getCurrentThreadCpuTime();
                for (int i = 0; i < BATCH; i++) {
                    encoder.encode(samples, 0, samples.length, encoded, 0);
                }
                yield THREADS.getCurrentThreadCpuTime() - began;
            }
        };
    }

    /** Each room's speech goes on, from a place of its own. */
    private byte[] next(int turn) {
        int room = turn % rooms;
        frame += room == 0 ? 1 : 0;
        return opus[(frame + 113 * room) % opus.length];
    }

    /** A batch of RTP packets; their payloads are speech where no length is given. */
    private void write(int type, int payloadOctets) {
        for (int i = 0; i < BATCH; i++) {
            writer.start(packets[i], 0, false, type, sequence & 0xffff, sequence * 160, 7);
            sequence++;
            int end = writer.end();
            byte[] payload = payloadOctets > 0 ? encoded : next(i);
            System.arraycopy(payload, 0, packets[i], end, payload.length);
            lengths[i] = end + payload.length;
        }
    }

    private void send(int turn) {
        require(call(SEND, senders[turn % rooms].socket(), PCMU_OCTETS + 12));
    }

    private void receive(int turn) {
        require(call(RECEIVE, receivers[turn % rooms].socket(), MOST_OCTETS));
    }

    private long call(MethodHandle handle, int socket, long length) {
        try {
            return (long) handle.invokeExact(socket, octets, length, 0);
        } catch (Throwable fault) {
            throw new IllegalStateException(fault);
        }
    }

    private static void require(long result) {
        if (result < 0) {
            throw new IllegalStateException("a datagram was not carried");
        }
    }

    /** Of one, in microseconds. */
    Spread micros(Floor floor) {
        return Spread.of(micros.getOrDefault(floor, List.of()));
    }

    /** As it was measured last, in microseconds. */
    double last(Floor floor) {
        return micros.getOrDefault(floor, List.of(Double.NaN)).getLast();
    }

    @Override
    public void close() {
        for (int i = 0; i < rooms; i++) {
            decoders[i].close();
            ours[i].close();
            theirs[i].close();
            senders[i].close();
            receivers[i].close();
        }
        encoder.close();
        arena.close();
    }
}
