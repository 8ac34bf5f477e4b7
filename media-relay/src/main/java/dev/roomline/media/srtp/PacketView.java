package dev.roomline.media.srtp;

import org.jitsi.utils.ByteArrayBuffer;

/** A packet inside somebody's array, as the SRTP library wants to see it. Reused per packet. */
final class PacketView implements ByteArrayBuffer {

    private byte[] bytes = new byte[0];
    private int offset;
    private int length;

    void wrap(byte[] newBytes, int newOffset, int newLength) {
        bytes = newBytes;
        offset = newOffset;
        length = newLength;
    }

    @Override
    public byte[] getBuffer() {
        return bytes;
    }

    @Override
    public int getOffset() {
        return offset;
    }

    @Override
    public int getLength() {
        return length;
    }

    @Override
    public void setLength(int newLength) {
        length = newLength;
    }

    @Override
    public void setOffset(int newOffset) {
        offset = newOffset;
    }

    @Override
    public boolean isInvalid() {
        return false;
    }

    @Override
    public void readRegionToBuff(int from, int count, byte[] out) {
        System.arraycopy(bytes, offset + from, out, 0, count);
    }

    /** Room was checked before: the array never moves. */
    @Override
    public void grow(int howMuch) {
        if (bytes.length - offset - length < howMuch) {
            throw new IllegalStateException("no tail room for " + howMuch + " octets");
        }
    }

    @Override
    public void append(byte[] data, int count) {
        grow(count);
        System.arraycopy(data, 0, bytes, offset + length, count);
        length += count;
    }

    @Override
    public void shrink(int count) {
        length -= count;
    }
}
