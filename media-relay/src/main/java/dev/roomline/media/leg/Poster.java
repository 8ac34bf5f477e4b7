package dev.roomline.media.leg;

/** The way to a leg's loop from another thread. Thread-safe. */
public interface Poster {
    /** Runs a task on the loop; false if its queue is full. */
    boolean post(Runnable task);

    /** The same for what happens once in a leg's life, and is never refused. */
    boolean postEnding(Runnable task);
}
