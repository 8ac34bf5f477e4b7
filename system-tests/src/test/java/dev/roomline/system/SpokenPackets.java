package dev.roomline.system;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioDecoder;
import dev.roomline.media.codec.AudioEncoder;
import dev.roomline.media.codec.Codecs;
import dev.roomline.media.codec.OpusSettings;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A known voice as packets of a codec, and packets of a codec as sound. */
final class SpokenPackets {
    private static final int HEADER = 12;
    private static final int MOST_SAMPLES = 5_760;

    private SpokenPackets() {}

    /** The rate at which a voice is given. */
    static int rateOf(AudioCodec codec) {
        return switch (codec) {
            case OPUS, G722 -> 16_000;
            case PCMU, PCMA -> 8_000;
        };
    }

    /**
     * A voice that is known: each packet's payload, made before it starts. It may be said again and
     * again: what codecs remember of its end is there at its beginning.
     */
    static List<byte[]> payloads(AudioCodec codec, Recording voice) {
        List<byte[]> payloads = new ArrayList<>();
        try (AudioEncoder encoder = encoder(codec)) {
            short[] pcm = new short[voice.rateHz() / 50];
            int packets = voice.samples().length / pcm.length;
            byte[] out = new byte[1_500];
            for (int n = 0; n < 2 * packets; n++) {
                int i = n % packets;
                for (int k = 0; k < pcm.length; k++) {
                    pcm[k] = (short) (32_768 * voice.samples()[i * pcm.length + k]);
                }
                int length = encoder.encode(pcm, 0, pcm.length, out, 0);
                if (n >= packets) {
                    payloads.add(Arrays.copyOf(out, length));
                }
            }
        }
        return payloads;
    }

    private static AudioEncoder encoder(AudioCodec codec) {
        Codecs codecs = Codecs.load();
        return switch (codec) {
            case OPUS ->
                    codecs.openOpusEncoder(new OpusSettings(16_000, 5, 24_000, true, 15, false));
            case G722 -> codecs.openG722Encoder();
            case PCMU, PCMA -> codecs.openG711Encoder(codec);
        };
    }

    static int payloadType(AudioCodec codec) {
        return codec == AudioCodec.OPUS ? 96 : codec.staticPayloadType();
    }

    /** Of this codec and telephone events. */
    static String offer(AudioCodec codec, int port) {
        int type = payloadType(codec);
        String map =
                codec == AudioCodec.OPUS
                        ? "a=rtpmap:96 opus/48000/2\r\na=fmtp:96 useinbandfec=1"
                        : "a=rtpmap:" + type + " " + codec.encodingName() + "/8000";
        return SipText.offer("127.0.0.1", port)
                .replace("RTP/AVP 0 101", "RTP/AVP " + type + " 101")
                .replace("a=rtpmap:0 PCMU/8000", map);
    }

    /** By its number: each codec has an SSRC of its own, since clock rates differ (RFC 7160). */
    static byte[] packet(AudioCodec codec, int sequence, byte[] payload) {
        ByteBuffer packet = ByteBuffer.allocate(HEADER + payload.length);
        packet.put((byte) 0x80).put((byte) payloadType(codec)).putShort((short) sequence);
        packet.putInt(sequence * codec.clockRate() / 50).putInt(0x00c0_ffee + codec.clockRate());
        return packet.put(payload).array();
    }

    static int payloadTypeOf(byte[] packet) {
        return packet[1] & 0x7f;
    }

    /** The sound of this codec's packets, in the order in which they came; others are left out. */
    static Recording sound(AudioCodec codec, List<byte[]> packets) {
        short[] pcm = new short[MOST_SAMPLES];
        try (AudioDecoder decoder = Codecs.load().openDecoder(codec)) {
            List<double[]> frames = new ArrayList<>();
            for (byte[] packet : packets) {
                if (packet.length > HEADER && payloadTypeOf(packet) == payloadType(codec)) {
                    int count = decoder.decode(packet, HEADER, packet.length - HEADER, pcm, 0);
                    double[] frame = new double[Math.max(0, count)];
                    Arrays.setAll(frame, n -> pcm[n] / 32_768.0);
                    frames.add(frame);
                }
            }
            return new Recording(
                    decoder.sampleRate(),
                    frames.stream().flatMapToDouble(Arrays::stream).toArray());
        }
    }
}
