package dev.roomline.bridge.store;

/** Is told of each statement. Any thread; must not block. */
@FunctionalInterface
public interface StoreWatch {
    void done(boolean writing, double seconds, boolean failed);
}
