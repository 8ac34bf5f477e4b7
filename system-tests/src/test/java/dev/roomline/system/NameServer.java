package dev.roomline.system;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Master;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/** A DNS server that knows a few names and what stands under them; all else does not exist. */
final class NameServer implements AutoCloseable {
    private final DatagramSocket socket;
    private final List<Record> records;

    /**
     * @param names and their addresses; fully qualified, with the dot at their end
     */
    NameServer(int port, Map<String, List<String>> names) {
        this(port, zoneOf(names));
    }

    /**
     * @param zone in the format of RFC 1035 §5, names fully qualified
     */
    NameServer(int port, String zone) {
        records = read(zone);
        try {
            socket = new DatagramSocket(port, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofPlatform().daemon().name("dns").start(this::serve);
    }

    private static String zoneOf(Map<String, List<String>> names) {
        StringBuilder zone = new StringBuilder();
        names.forEach(
                (name, addresses) ->
                        addresses.forEach(
                                address -> zone.append(name + " 60 IN A " + address + "\n")));
        return zone.toString();
    }

    private static List<Record> read(String zone) {
        try (Master lines = new Master(new ByteArrayInputStream(zone.getBytes(US_ASCII)))) {
            List<Record> records = new ArrayList<>();
            for (Record next = lines.nextRecord(); next != null; next = lines.nextRecord()) {
                records.add(next);
            }
            return records;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve() {
        DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
        try {
            while (true) {
                socket.receive(packet);
                byte[] question = java.util.Arrays.copyOf(packet.getData(), packet.getLength());
                byte[] answer = answer(new Message(question)).toWire();
                socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private Message answer(Message question) throws IOException {
        Record asked = question.getQuestion();
        Message answer = new Message(question.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.getHeader().setFlag(Flags.AA);
        answer.addRecord(asked, Section.QUESTION);
        boolean known = false;
        for (Record record : records) {
            boolean named = record.getName().equals(asked.getName());
            known |= named;
            if (named && record.getType() == asked.getType()) {
                answer.addRecord(record, Section.ANSWER);
            }
        }
        if (!known) {
            answer.getHeader().setRcode(Rcode.NXDOMAIN);
        }
        return answer;
    }

    @Override
    public void close() {
        socket.close();
    }
}
