package dev.roomline.bridge.config;

/**
 * UDP ports, both ends included.
 *
 * @param first 1 to 65535
 * @param last not below {@code first}
 */
public record PortRange(int first, int last) {

    public boolean overlaps(int from, int to) {
        return first <= to && from <= last;
    }

    @Override
    public String toString() {
        return first + "-" + last;
    }
}
