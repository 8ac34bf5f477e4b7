package dev.roomline.media.room;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioEncoder;
import dev.roomline.media.codec.Codecs;
import dev.roomline.media.codec.OpusEncoder;
import dev.roomline.media.codec.OpusSettings;
import dev.roomline.media.dsp.Tone;
import dev.roomline.media.leg.AddressRule;
import dev.roomline.media.leg.PhoneLeg;
import dev.roomline.media.leg.Wire;
import dev.roomline.media.rtcp.ReportsRead;
import dev.roomline.media.rtcp.RtcpWriter;
import dev.roomline.media.rtp.RtpPacket;
import dev.roomline.media.rtp.RtpWriter;
import dev.roomline.media.sdp.Direction;
import dev.roomline.media.sdp.OpusParameters;
import dev.roomline.media.sdp.PhoneMedia;
import dev.roomline.media.sdp.TelephoneEvent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A phone of a room in virtual time: says what it is given, and keeps every packet it is sent. */
final class Caller implements Wire {
    static final int COMFORT_NOISE = 13;
    static final int EVENTS = 101;

    /** Not the room's, which count what it does. */
    private static final Codecs CODECS = Codecs.load();

    /** One packet that it was sent. */
    @SuppressWarnings("ArrayRecordComponent")
    record Packet(
            int sequence,
            int timestamp,
            boolean marker,
            int payloadType,
            byte[] payload,
            long atNanos) {}

    final PhoneLeg leg;
    final List<Packet> packets = new ArrayList<>();
    private VirtualRoom at;
    private final InetSocketAddress address;
    private final int payloadType;
    private final int id;
    private int sentSsrc;

    /** What came while its sockets were on no loop. */
    private final List<byte[]> waiting = new ArrayList<>();

    private boolean underWay;

    /** A bug of ours strikes whenever it is sent something. */
    boolean broken;

    int sequence = 7;

    /** What it was told last that it loses of what it says, of 256. */
    int toldLost;

    int timestamp = 1_000;

    Caller(int id, AudioCodec codec, int ptimeMillis, VirtualRoom at) {
        this(id, codec, ptimeMillis, new OpusParameters(true, false, false, 48_000, 0, false), at);
    }

    Caller(int id, AudioCodec codec, int ptimeMillis, OpusParameters opus, VirtualRoom at) {
        this(id, codec, ptimeMillis, opus, new TelephoneEvent(EVENTS, EVENTS, 8_000), -1, at);
    }

    /** A phone that agreed to comfort noise, too. */
    static Caller withComfortNoise(int id, AudioCodec codec, int ptimeMillis, VirtualRoom at) {
        TelephoneEvent events = new TelephoneEvent(EVENTS, EVENTS, 8_000);
        return new Caller(
                id, codec, ptimeMillis, OpusParameters.DEFAULT, events, COMFORT_NOISE, at);
    }

    /** A phone that agreed to no telephone events. */
    static Caller withoutEvents(int id, AudioCodec codec, int ptimeMillis, VirtualRoom at) {
        return new Caller(id, codec, ptimeMillis, OpusParameters.DEFAULT, null, -1, at);
    }

    /** A phone that says a tone for ever. */
    static Caller humming(int id, AudioCodec codec, double hertz, VirtualRoom at) {
        return humming(id, codec, hertz, 3, -18, at);
    }

    /**
     * The same.
     *
     * @param phaseMillis when within each 20 ms it sends
     */
    static Caller humming(
            int id,
            AudioCodec codec,
            double hertz,
            int phaseMillis,
            double levelDbov,
            VirtualRoom at) {
        Caller phone = new Caller(id, codec, 20, at);
        AudioEncoder encoder = encoder(codec);
        Tone tone = new Tone(hertz, encoder.sampleRate(), levelDbov);
        short[] pcm = new short[encoder.sampleRate() / 50];
        byte[] packet = new byte[1_275];
        at.everybody.add(
                () -> {
                    if (at.nowMillis() % 20 == phaseMillis) {
                        tone.generate(pcm, 0, pcm.length);
                        int length = encoder.encode(pcm, 0, pcm.length, packet, 0);
                        phone.says(Arrays.copyOf(packet, length), codec.clockRate() / 50);
                    }
                });
        return phone;
    }

    private static AudioEncoder encoder(AudioCodec codec) {
        return switch (codec) {
            case PCMU, PCMA -> CODECS.openG711Encoder(codec);
            case G722 -> CODECS.openG722Encoder();
            case OPUS -> {
                OpusEncoder opus = CODECS.openOpusEncoder(OpusSettings.voice(16_000, 5));
                opus.setBitrate(32_000);
                yield opus;
            }
        };
    }

    private Caller(
            int id,
            AudioCodec codec,
            int ptimeMillis,
            OpusParameters opus,
            @Nullable TelephoneEvent events,
            int comfortNoise,
            VirtualRoom at) {
        this.id = id;
        this.at = at;
        payloadType = codec == AudioCodec.OPUS ? 96 : codec.staticPayloadType();
        address = new InetSocketAddress(InetAddress.ofLiteral("203.0.113." + id), 4_000);
        leg =
                new PhoneLeg(
                        id,
                        at.bench,
                        new AddressRule(address.getAddress(), List.of()),
                        this,
                        at.room,
                        "name",
                        Duration.ZERO,
                        at.nowNanos());
        leg.agreed(
                new PhoneMedia(
                        codec,
                        payloadType,
                        payloadType,
                        ptimeMillis,
                        address,
                        address,
                        true,
                        Direction.SENDRECV,
                        false,
                        events,
                        comfortNoise,
                        opus),
                at.nowNanos());
        leg.join();
        leg.release();
        at.room.add(leg);
    }

    /** Sends a packet of its sound. */
    void says(byte[] payload, int ticks) {
        send(payloadType, sequence, timestamp, payload);
        pauses(1, ticks);
    }

    /** So many packets are lost. */
    void pauses(int count, int ticks) {
        sequence = sequence + count & 0xFFFF;
        timestamp += count * ticks;
    }

    void send(int type, int packetSequence, int packetTimestamp, byte[] payload) {
        byte[] packet = new byte[payload.length + 40];
        int head =
                new RtpWriter()
                        .start(packet, 0, false, type, packetSequence, packetTimestamp, id)
                        .end();
        System.arraycopy(payload, 0, packet, head, payload.length);
        byte[] sent = Arrays.copyOf(packet, head + payload.length);
        if (underWay) {
            waiting.add(sent);
        } else {
            leg.onRtpPort(sent, 0, sent.length, address, at.nowNanos());
        }
    }

    /** Its sockets are taken off its room's loop. */
    void leave() {
        underWay = true;
        at.room.release(id);
    }

    /** They are another room's from here on. */
    void arrive(VirtualRoom other) {
        at = other;
        leg.moveTo(at.bench, at.room);
        at.room.arrive(leg);
        underWay = false;
        waiting.forEach(each -> leg.onRtpPort(each, 0, each.length, address, at.nowNanos()));
        waiting.clear();
    }

    @Override
    public void send(InetSocketAddress to, byte[] bytes, int offset, int length) {
        if (broken) {
            throw new IllegalStateException("a bug of ours");
        }
        RtpPacket view = new RtpPacket();
        // RTCP has types from 200 on: 72 and more without the marker's bit
        boolean report = (bytes[offset + 1] & 0x7F) >= 64 && (bytes[offset + 1] & 0x7F) < 96;
        if (report) {
            byte[] compound = Arrays.copyOfRange(bytes, offset, offset + length);
            ReportsRead.of(compound).blocks.forEach(each -> toldLost = each.fractionLost());
        } else if (view.wrap(bytes, offset, length) == null) {
            keep(view);
        }
    }

    private void keep(RtpPacket view) {
        int from = view.payloadOffset();
        sentSsrc = view.ssrc();
        packets.add(
                new Packet(
                        view.sequence(),
                        view.timestamp(),
                        view.marker(),
                        view.payloadType(),
                        Arrays.copyOfRange(view.buffer(), from, from + view.payloadLength()),
                        at.nowNanos()));
    }

    /**
     * Tells what it loses of what it is sent.
     *
     * @param lost of 256
     */
    void reports(int lost) {
        byte[] report = new byte[200];
        RtcpWriter writer =
                new RtcpWriter()
                        .start(report, 0)
                        .receiverReport(id)
                        .reportBlock(sentSsrc, lost, packets.size() / 10, packets.size(), 0, 0, 0)
                        .cname(id, new byte[] {'a'});
        leg.onRtpPort(report, 0, writer.end(), address, at.nowNanos());
    }

    @Override
    public void sendRtcp(InetSocketAddress to, byte[] bytes, int offset, int length) {}

    /** All octets that it was sent since some packet, one behind the other. */
    byte[] octets(int fromPacket) {
        int length = 0;
        for (Packet packet : packets.subList(fromPacket, packets.size())) {
            length += packet.payload.length;
        }
        byte[] all = new byte[length];
        int at = 0;
        for (Packet packet : packets.subList(fromPacket, packets.size())) {
            System.arraycopy(packet.payload, 0, all, at, packet.payload.length);
            at += packet.payload.length;
        }
        return all;
    }
}
