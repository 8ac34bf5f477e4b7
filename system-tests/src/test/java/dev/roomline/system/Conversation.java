package dev.roomline.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Two phones that talk to each other, a packet each 20 ms, and write down when each packet came.
 */
final class Conversation implements AutoCloseable {
    private static final long FRAME_NANOS = 20_000_000L;
    private static final double[] HERTZ = {440, 880};

    private final List<RtpPhone> phones = new ArrayList<>();
    private final List<List<Arrival>> heard = List.of(new ArrayList<>(), new ArrayList<>());
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean over;

    /** One packet, as it came. */
    @SuppressWarnings("ArrayRecordComponent")
    record Arrival(long nanos, byte[] packet) {
        int sequence() {
            return ((packet[2] & 0xff) << 8) | (packet[3] & 0xff);
        }
    }

    /** Both call the same room and begin to talk. */
    Conversation(BridgeProcess bridge, String code) {
        for (int i = 0; i < 2; i++) {
            RtpPhone phone = new RtpPhone(bridge);
            phones.add(phone);
            phone.call(code);
        }
        for (int i = 0; i < 2; i++) {
            int side = i;
            threads.add(Thread.ofPlatform().daemon().start(() -> talk(side)));
            threads.add(Thread.ofPlatform().daemon().start(() -> listen(side)));
        }
    }

    private void talk(int side) {
        RtpPhone phone = phones.get(side);
        long dueNanos = System.nanoTime();
        for (int sequence = 0; !over; sequence++) {
            byte[] frame = RtpPhone.frame(0x1000 + side, sequence & 0xffff, HERTZ[side]);
            RtpPhone.send(phone.rtp(), frame, phone.mediaPort());
            dueNanos += FRAME_NANOS;
            LockSupport.parkNanos(dueNanos - System.nanoTime());
        }
    }

    private void listen(int side) {
        DatagramPacket datagram = new DatagramPacket(new byte[2048], 2048);
        try {
            while (!over) {
                phones.get(side).rtp().receive(datagram);
                byte[] packet = java.util.Arrays.copyOf(datagram.getData(), datagram.getLength());
                synchronized (heard) {
                    heard.get(side).add(new Arrival(System.nanoTime(), packet));
                }
            }
        } catch (SocketException closed) {
            // the conversation is over
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What one side has heard since; the list is the caller's. */
    List<Arrival> heardSince(int side, long nanos) {
        synchronized (heard) {
            return heard.get(side).stream().filter(each -> each.nanos() >= nanos).toList();
        }
    }

    /** The tone that the other side sends. */
    static double toneHeardBy(int side) {
        return HERTZ[1 - side];
    }

    void hangUp() {
        phones.forEach(RtpPhone::hangUp);
    }

    @Override
    public void close() {
        over = true;
        phones.forEach(RtpPhone::close);
    }
}
