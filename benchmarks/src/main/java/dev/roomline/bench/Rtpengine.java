package dev.roomline.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.roomline.media.codec.AudioCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** rtpengine as a transcoder between two sides of a call, asked through its ng protocol. */
@SuppressWarnings("AddressSelection") // literal addresses
final class Rtpengine implements MediaPlane {
    /** With so much it sends 26 kb/s, as the others do with half as much again. */
    private static final int ASKED_BITS_PER_SECOND = 20_000;

    private static final Pattern PORT = Pattern.compile("m=audio (\\d+)");

    private final Child process;

    /** Open before a port is sought for rtpengine, or it may be given that very port. */
    private final DatagramSocket control = open();

    private final int controlPort = Workspace.port();
    private final Set<String> calls = new HashSet<>();
    private int cookies;

    Rtpengine(String cores) throws InterruptedException {
        process =
                Child.start(
                        "rtpengine",
                        Workspace.folder("rtpengine"),
                        Child.on(
                                cores,
                                List.of(
                                        "rtpengine",
                                        "--table=-1",
                                        "--interface=127.0.0.1",
                                        "--listen-ng=127.0.0.1:" + controlPort,
                                        "--port-min=34000",
                                        "--port-max=36999",
                                        "--num-threads=2",
                                        "--timeout=3600",
                                        "--silent-timeout=3600",
                                        "-f",
                                        "-E",
                                        "-L",
                                        "3")));
        Thread.sleep(1_500);
    }

    private static DatagramSocket open() {
        try {
            DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
            socket.setSoTimeout(3_000);
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<InetSocketAddress> join(int room, List<AudioCodec> phones, int port) {
        if (!phones.equals(List.of(AudioCodec.PCMU, AudioCodec.OPUS))) {
            throw new IllegalArgumentException("it joins two: " + phones);
        }
        String call = "bench" + room;
        calls.add(call);
        Map<String, Object> offer = command("offer", call);
        offer.put("sdp", sdp(port, "0", "0 PCMU/8000"));
        offer.put(
                "codec",
                new TreeMap<>(
                        Map.of(
                                "mask",
                                List.of("PCMU"),
                                "transcode",
                                List.of("opus/48000/2/" + ASKED_BITS_PER_SECOND))));
        int towardsOpus = port(Bencode.string(ask(offer), "sdp"));
        Map<String, Object> answer = command("answer", call);
        answer.put("to-tag", "opus");
        answer.put(
                "sdp",
                sdp(port, "111", "111 opus/48000/2")
                        + "a=fmtp:111 maxaveragebitrate=%d\r\n".formatted(ASKED_BITS_PER_SECOND));
        int towardsPcmu = port(Bencode.string(ask(answer), "sdp"));
        return List.of(
                new InetSocketAddress("127.0.0.1", towardsPcmu),
                new InetSocketAddress("127.0.0.1", towardsOpus));
    }

    @Override
    public void leave() {
        for (String call : calls) {
            ask(new TreeMap<>(Map.of("command", "delete", "call-id", call, "delete-delay", 0)));
        }
        calls.clear();
    }

    private static Map<String, Object> command(String verb, String call) {
        Map<String, Object> command = new TreeMap<>();
        command.put("command", verb);
        command.put("call-id", call);
        command.put("from-tag", "pcmu");
        command.put("ICE", "remove");
        command.put("flags", List.of("trust-address"));
        return command;
    }

    private static String sdp(int port, String type, String codec) {
        return """
        v=0
        o=bench 1 1 IN IP4 %1$s
        s=-
        c=IN IP4 %1$s
        t=0 0
        m=audio %2$d RTP/AVP %3$s
        a=rtpmap:%4$s
        a=ptime:20
        """
                .formatted(SipCaller.ADDRESS, port, type, codec)
                .replace("\n", "\r\n");
    }

    private String ask(Map<String, Object> command) {
        String cookie = "c" + cookies++;
        byte[] bytes = (cookie + " " + Bencode.of(command)).getBytes(UTF_8);
        try {
            control.send(
                    new DatagramPacket(
                            bytes,
                            bytes.length,
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), controlPort)));
            DatagramPacket reply = new DatagramPacket(new byte[16_384], 16_384);
            control.receive(reply);
            String text = new String(reply.getData(), 0, reply.getLength(), UTF_8);
            if (!Bencode.string(text, "result").equals("ok")) {
                throw new IllegalStateException("rtpengine: " + text);
            }
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException("rtpengine:\n" + process.output(), e);
        }
    }

    private static int port(String sdp) {
        Matcher port = PORT.matcher(sdp);
        if (!port.find()) {
            throw new IllegalStateException("no port in:\n" + sdp);
        }
        return Integer.parseInt(port.group(1));
    }

    @Override
    public boolean mixes() {
        return false;
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public String name() {
        return "rtpengine";
    }

    @Override
    public void close() {
        control.close();
        process.close();
    }
}
