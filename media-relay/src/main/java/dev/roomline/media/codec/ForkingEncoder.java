package dev.roomline.media.codec;

/**
 * An encoder that remembers what it coded, so that each stream needs one of its own. Owner: the
 * loop of the room that opened it.
 */
public interface ForkingEncoder extends AudioEncoder {

    /**
     * An encoder of its own that continues exactly from here: given the same input, both write the
     * same packets.
     */
    ForkingEncoder fork();
}
