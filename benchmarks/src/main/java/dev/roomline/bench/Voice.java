package dev.roomline.bench;

import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/** Somebody who speaks a packet each 20 ms and hears, on a {@link PhoneLoop}. */
interface Voice {
    /** Not blocking. */
    DatagramChannel channel();

    /** Its turn to speak; the buffer is anybody's between turns. */
    void send(ByteBuffer buffer);

    /** Takes all that has come. */
    void receive(ByteBuffer buffer);
}
